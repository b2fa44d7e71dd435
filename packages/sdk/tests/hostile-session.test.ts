import { afterEach, expect, jest, test } from "bun:test";
import { createClient, createSession } from "../src/index.ts";
import { refusal } from "./rejection.ts";
import { html, json, refuse, scriptedServer } from "./scripted-server.ts";
import { MemoryStorage } from "./storages.ts";

/* What becomes of a session when its server cannot be reached, or is none of ours. */

const server = await scriptedServer();
const STORED = JSON.stringify({ accessToken: "old", refreshToken: "r1", userId: 7 });
const FRESH = { accessToken: "new", refreshToken: "r2", expiresIn: 60, user: { id: 7 } };

afterEach(() => jest.useRealTimers());

function returningVisitor() {
  const storage = new MemoryStorage();
  storage.setItem("reelay.session", STORED);
  const session = createSession({ baseUrl: server.url, storage });
  return { storage, session, ...createClient({ baseUrl: server.url, session }) };
}

const stored = (storage: MemoryStorage) => storage.getItem("reelay.session");
const refreshes = () => server.received.filter(({ url }) => url === "/api/v1/auth/refresh");

/** The old token is refused; what a refresh is answered, the test says. */
function answersRefresh(answer: Parameters<typeof server.answers>[0]): void {
  server.answers((response, received) => {
    if (received.url === "/api/v1/auth/refresh") answer(response, received);
    else if (received.token === "new") json(response, 200, { id: 7 });
    else refuse(response, 401, "UNAUTHORIZED");
  });
}

test("a refresh that fails for any other reason than its token signs nobody out", async () => {
  for (const [answer, code, status] of [
    [(response) => html(response, 200), "INVALID_RESPONSE", 200],
    [(response) => html(response, 401), "INVALID_RESPONSE", 401],
    [(response) => json(response, 200, {}), "INVALID_RESPONSE", 200],
    [(response) => json(response, 200, { ...FRESH, refreshToken: 7 }), "INVALID_RESPONSE", 200],
    [(response) => json(response, 200, { ...FRESH, user: null }), "INVALID_RESPONSE", 200],
    [(response) => json(response, 200, "fine"), "INVALID_RESPONSE", 200],
    [(response) => refuse(response, 503, "UNAVAILABLE"), "UNAVAILABLE", 503],
    [(response) => response.destroy(), "NETWORK_ERROR", 0],
  ] as [Parameters<typeof answersRefresh>[0], string, number][]) {
    server.received.splice(0);
    answersRefresh(answer);
    const { api, session, storage } = returningVisitor();
    expect(await refusal(api.getCurrentUser())).toEqual([code, status]);
    expect([session.userId, stored(storage), refreshes().length]).toEqual([7, STORED, 1]);
    answersRefresh((response) => json(response, 200, FRESH));
    expect(await api.getCurrentUser()).toMatchObject({ id: 7 });
    expect(JSON.parse(stored(storage) ?? "")).toEqual({ accessToken: "new", refreshToken: "r2", userId: 7 });
  }
});

test("a refresh that is never answered ends before the client's patience does", async () => {
  jest.useFakeTimers();
  const arrived = Promise.withResolvers<void>();
  answersRefresh(() => arrived.resolve());
  const { api, session } = returningVisitor();
  const call = refusal(api.getCurrentUser());
  await arrived.promise;
  jest.advanceTimersByTime(8000);
  expect(await call).toEqual(["NETWORK_ERROR", 0]);
  expect([session.userId, refreshes().length]).toEqual([7, 1]);
});

test("logging in where no tokens are answered signs nobody in", async () => {
  for (const body of [{}, [], { ...FRESH, accessToken: "" }, { ...FRESH, user: {} }, 7]) {
    server.answers((response) => json(response, 200, body));
    const session = createSession({ baseUrl: server.url, storage: new MemoryStorage() });
    expect(await refusal(session.login({ username: "ann", password: "x" }))).toEqual(["INVALID_RESPONSE", 200]);
    expect([session.userId, await session.getToken()]).toEqual([null, null]);
  }
});

test("a server that refuses every token is asked for a new one once a call", async () => {
  let count = 0;
  server.answers((response, { url }) => {
    if (url === "/api/v1/auth/refresh") json(response, 200, { ...FRESH, accessToken: `new${++count}` });
    else refuse(response, 401, "UNAUTHORIZED");
  });
  const { api } = returningVisitor();
  for (let calls = 1; calls <= 3; calls++) {
    expect(await refusal(api.getCurrentUser())).toEqual(["NEEDS_TOKEN", 401]);
    expect(refreshes()).toHaveLength(calls);
  }
});

test("the refresh token goes into the body of one request, and nowhere else", async () => {
  answersRefresh((response) => json(response, 200, FRESH));
  await returningVisitor().api.getCurrentUser();
  const withIt = server.received.filter((each) => JSON.stringify(each).includes("r1"));
  expect(withIt).toEqual([{ method: "POST", url: "/api/v1/auth/refresh", token: null, body: '{"refreshToken":"r1"}' }]);
});
