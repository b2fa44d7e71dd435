import { afterEach, expect, jest, test } from "bun:test";
import { createClient, type GetToken, ReelayError } from "../src/index.ts";
import { refusal, rejection } from "./rejection.ts";
import { html, json, refuse, scriptedServer } from "./scripted-server.ts";

/* Servers that are none of ours, and callbacks that do not do as they should. */

const server = await scriptedServer();
const clientWith = (getToken: GetToken) => createClient({ baseUrl: `${server.url}/`, getToken });
const { api, uploadVideo } = clientWith(() => "a-token");
afterEach(() => jest.useRealTimers());

const never = new Promise<never>(() => {});

/** Takes these tokens alone. */
function takes(...tokens: string[]): void {
  server.answers((response, { token }) => {
    if (tokens.includes(token ?? "")) json(response, 200, { userId: 7 });
    else refuse(response, 401, "UNAUTHORIZED");
  });
}

test("a page in place of an answer is an invalid response, with its status", async () => {
  for (const status of [200, 401, 403, 404, 502]) {
    server.answers((response) => html(response, status));
    expect(await refusal(api.listVideos())).toEqual(["INVALID_RESPONSE", status]);
    expect(await refusal(api.sendMessage({ receiverId: 7, content: "hi" }))).toEqual(["INVALID_RESPONSE", status]);
    expect(await refusal(api.downloadFile({ kind: "videos", name: "a" }))).toEqual(["INVALID_RESPONSE", status]);
    expect(await refusal(uploadVideo({ title: "a", file: new Blob(["a"]) }))).toEqual(["INVALID_RESPONSE", status]);
  }
  expect(server.received).toHaveLength(20);
});

test("so is JSON that is none of ours", async () => {
  const bodies = ["", "null", "fine", '{"videos":[', "<html>"];
  for (const body of bodies) {
    server.answers((response) => response.writeHead(200, { "content-type": "application/json" }).end(body));
    expect([body, ...(await refusal(api.listVideos()))]).toEqual([body, "INVALID_RESPONSE", 200]);
  }
  for (const body of [
    [],
    {},
    null,
    { error: null },
    { error: "no" },
    { error: { code: 7 } },
    { detail: "Not Found" },
  ]) {
    server.answers((response) => json(response, 422, body));
    expect([body, ...(await refusal(api.listVideos()))]).toEqual([body, "INVALID_RESPONSE", 422]);
  }
});

test("an answer that is cut off, and none at all, are a network error; nothing is sent a second time", async () => {
  server.answers((response) => {
    response.writeHead(200, { "content-length": "1000" }).write('{"id":', () => response.destroy());
  });
  expect(await refusal(api.sendMessage({ receiverId: 7, content: "hi" }))).toEqual(["NETWORK_ERROR", 0]);
  server.answers((response) => response.destroy());
  expect(await refusal(api.sendMessage({ receiverId: 7, content: "hi" }))).toEqual(["NETWORK_ERROR", 0]);
  expect(server.received).toHaveLength(2);
  const nowhere = createClient({ baseUrl: "http://127.0.0.1:1", getToken: () => null });
  const error = await rejection(nowhere.api.listVideos());
  expect([error.code, error.status, error.cause !== undefined]).toEqual(["NETWORK_ERROR", 0, true]);
});

test("a code that is not known yet, and the request's id, come through", async () => {
  server.answers((response) => refuse(response, 418, "TEAPOT", { "x-request-id": "in-the-header" }));
  const error: { code: string } & ReelayError = await rejection(api.listVideos());
  expect(error).toMatchObject({ code: "TEAPOT", status: 418, message: "It is TEAPOT.", requestId: "in-the-header" });
  expect([error.fields, error.details, error.retryAfter]).toEqual([{}, {}, undefined]);
  server.answers((response) => refuse(response, 500, "INTERNAL_ERROR"));
  expect(await rejection(api.listVideos())).toMatchObject({ requestId: "in-the-body" });
});

test("retryAfter is seconds, whether the server says seconds or a date; what is neither is nothing", async () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
  for (const [header, least, most] of [
    ["0", 0, 0],
    ["17", 17, 17],
    [inAnHour, 3500, 3600],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 0, 0],
  ] as const) {
    server.answers((response) => refuse(response, 503, "UNAVAILABLE", { "retry-after": header }));
    const { retryAfter = -1 } = await rejection(api.listVideos());
    expect([header, retryAfter >= least && retryAfter <= most]).toEqual([header, true]);
  }
  server.answers((response) => refuse(response, 429, "RATE_LIMIT", { "retry-after": "soon" }));
  expect((await rejection(api.listVideos())).retryAfter).toBeUndefined();
  server.answers((response) => response.writeHead(503, { "retry-after": "5" }).end("busy"));
  expect(await rejection(api.listVideos())).toMatchObject({ code: "INVALID_RESPONSE", retryAfter: 5 });
});

test("a refused token is asked for again, once for all who need it, and each request repeated once", async () => {
  takes("new");
  const asked: unknown[] = [];
  let answered = 0;
  const allAnswered = Promise.withResolvers<void>();
  const { api } = createClient({
    baseUrl: server.url,
    async getToken({ refused }) {
      if (!refused) return "old";
      asked.push(refused);
      await allAnswered.promise;
      return "new";
    },
    async fetch(url, init) {
      const response = await fetch(url, init);
      const text = await response.text();
      // The last of them is to be read, too, before there is a new token.
      if (++answered === 5) setImmediate(() => setImmediate(allAnswered.resolve));
      return new Response(text, response);
    },
  });
  await Promise.all(Array.from({ length: 5 }, () => api.getCurrentUser()));
  expect(asked).toEqual(["old"]);
  expect(server.received.map(({ token }) => token).sort()).toEqual([...Array(5).fill("new"), ...Array(5).fill("old")]);
});

test("the refused token again, no token, or another that is refused: it needs one, and asks no further", async () => {
  takes();
  for (const [getToken, sent] of [
    [() => "old", ["old"]],
    [({ refused }) => (refused ? null : "old"), ["old"]],
    [({ refused }) => (refused ? "new" : "old"), ["old", "new"]],
    [() => null, [null]],
    [() => "", [null]],
    [() => undefined as unknown as null, [null]],
  ] as [GetToken, (string | null)[]][]) {
    server.received.splice(0);
    expect(await rejection(clientWith(getToken).api.getCurrentUser())).toMatchObject({
      code: "NEEDS_TOKEN",
      status: 401,
      requestId: "in-the-body",
    });
    expect(server.received.map(({ token }) => token)).toEqual(sent);
  }
});

test("a wrong password, and a ban, are no matter of the token", async () => {
  for (const [status, code] of [
    [401, "INVALID_CREDENTIALS"],
    [403, "ACCOUNT_BANNED"],
  ] as const) {
    server.received.splice(0);
    server.answers((response) => refuse(response, status, code));
    const asked: unknown[] = [];
    const { api } = clientWith((request) => {
      asked.push(request);
      return "a-token";
    });
    expect(await refusal(api.changePassword({ currentPassword: "a", newPassword: "b" }))).toEqual([code, status]);
    expect([asked, server.received.length]).toEqual([[{ refused: undefined }], 1]);
  }
});

test("a callback that rejects or throws ends the call, before anything is sent", async () => {
  takes("a-token");
  const cause = new Error("the keychain is locked");
  const callbacks: GetToken[] = [
    () => Promise.reject(cause),
    () => {
      throw cause;
    },
  ];
  for (const getToken of callbacks) {
    const error = await rejection(clientWith(getToken).api.getCurrentUser());
    expect([error.code, error.status, error.cause]).toEqual(["TOKEN_UNAVAILABLE", 0, cause]);
  }
  expect(server.received).toEqual([]);
});

test("a callback that hangs ends the call after ten seconds, and not before", async () => {
  jest.useFakeTimers();
  takes();
  let isOver = false;
  const hanging = refusal(clientWith(() => never).api.getCurrentUser()).finally(() => {
    isOver = true;
  });
  jest.advanceTimersByTime(9999);
  // A whole request, meanwhile.
  expect(await refusal(api.getCurrentUser())).toEqual(["NEEDS_TOKEN", 401]);
  expect(isOver).toBe(false);
  jest.advanceTimersByTime(1);
  expect(await hanging).toEqual(["TOKEN_UNAVAILABLE", 0]);
  const isAsked = Promise.withResolvers<void>();
  const { api: late } = clientWith(({ refused }) => {
    if (!refused) return "old";
    isAsked.resolve();
    return never;
  });
  const repeated = refusal(late.getCurrentUser());
  await isAsked.promise;
  jest.advanceTimersByTime(10_000);
  expect(await repeated).toEqual(["TOKEN_UNAVAILABLE", 0]);
  expect(server.received.map(({ token }) => token)).toEqual(["a-token", "old"]);
});

test("after a callback that failed the next call asks it again", async () => {
  takes("a-token");
  let isLocked = true;
  const { api } = clientWith(() => (isLocked ? Promise.reject(new Error("locked")) : "a-token"));
  expect(await refusal(api.getCurrentUser())).toEqual(["TOKEN_UNAVAILABLE", 0]);
  isLocked = false;
  expect(await api.getCurrentUser()).toMatchObject({ userId: 7 } as object);
});

test("a callback that fails with what the client failed with is not told otherwise", async () => {
  takes();
  const getToken = async () => (await api.refreshTokens({ refreshToken: "gone" })).accessToken;
  expect(await refusal(clientWith(getToken).api.getCurrentUser())).toEqual(["NEEDS_TOKEN", 401]);
  const away = () => Promise.reject(new ReelayError("NETWORK_ERROR", "Offline."));
  expect(await refusal(clientWith(away).api.getCurrentUser())).toEqual(["NETWORK_ERROR", 0]);
});

test("what takes no token asks for none", async () => {
  takes();
  const { api } = clientWith(() => never);
  expect(await refusal(api.login({ username: "ann", password: "wrong" }))).toEqual(["UNAUTHORIZED", 401]);
  expect(server.received).toMatchObject([{ method: "POST", url: "/api/v1/auth/login", token: null }]);
});

test("a signal ends a call while it waits: for the token, for the server, and before it begins", async () => {
  const reason = new Error("the page was left");
  let arrived = () => {};
  const isThere = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  server.answers(() => arrived());
  const atServer = new AbortController();
  const waiting = rejection(api.listVideos({}, { signal: atServer.signal }));
  await isThere;
  atServer.abort(reason);
  expect(await waiting).toMatchObject({ code: "ABORTED", status: 0, cause: reason });
  const forToken = new AbortController();
  const asking = rejection(clientWith(() => never).api.listVideos({}, { signal: forToken.signal }));
  forToken.abort(reason);
  expect(await asking).toMatchObject({ code: "ABORTED", cause: reason });
  const { signal } = forToken;
  expect(await rejection(api.listVideos({}, { signal }))).toMatchObject({ code: "ABORTED", cause: reason });
  expect(await rejection(uploadVideo({ title: "a", file: new Blob() }, { signal }))).toMatchObject({ code: "ABORTED" });
  expect(server.received).toHaveLength(1);
});

test("each argument goes where it belongs", async () => {
  server.answers((response) => json(response, 200, {}));
  await api.listMessages({ userId: 7, limit: 20, beforeId: undefined });
  await api.searchUsers({ q: "hà & nội?" });
  await api.banUser({ id: 7, reason: "spam" });
  await api.followUser({ id: 7 });
  await api.downloadFile({ kind: "videos", name: "a/../b?c" });
  expect(server.received.map(({ method, url, body }) => [method, url, body])).toEqual([
    ["GET", "/api/v1/messages/conversation/7?limit=20", ""],
    ["GET", "/api/v1/users/search?q=h%C3%A0%20%26%20n%E1%BB%99i%3F", ""],
    ["POST", "/api/v1/admin/users/7/ban", '{"reason":"spam"}'],
    ["POST", "/api/v1/users/7/follow", ""],
    ["GET", "/api/v1/media/videos/a%2F..%2Fb%3Fc", ""],
  ]);
});

test("nothing that is missing, and no dots, lead to the path of another operation", async () => {
  for (const id of [undefined, null, "", ".", ".."]) {
    await expect(api.deleteVideo({ id: id as unknown as number })).rejects.toThrow(TypeError);
  }
  expect(server.received).toEqual([]);
});
