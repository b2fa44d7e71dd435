import { expect, test } from "bun:test";
import { LoginResponse } from "@reelay/contract";
import { type Answer, call, type Person, serverForFile, signUp } from "@reelay/testkit";
import { decodeJwt } from "jose";
import { removeExpiredRefreshTokens } from "../../src/features/accounts/sessions.ts";

/** For so long after its first use a refresh token gives siblings. */
const WINDOW_MS = 60_000;
const LIFETIME_MS = 30 * 86_400_000;

const { server } = serverForFile();

const post = (path: string, body: unknown) => call(server.url, "POST", path, { body });
const refresh = (refreshToken: string): Promise<Answer> => post("/auth/refresh", { refreshToken });
const statusOf = async (token: string) => (await call(server.url, "GET", "/users/me", { token })).status;
const outcome = ({ status, body }: Answer) => [status, body.error?.code];

async function loginAgain({ email, password }: Person): Promise<LoginResponse> {
  return (await post("/auth/login", { email, password })).body;
}

/** Both tokens of an answer work, and belong to the session of `token`. */
async function expectGood(answer: Answer, token: string): Promise<void> {
  expect(answer.status).toBe(200);
  expect(decodeJwt(answer.body.accessToken).sid).toEqual(decodeJwt(token).sid);
  expect(await statusOf(answer.body.accessToken)).toBe(200);
  expect((await refresh(answer.body.refreshToken)).status).toBe(200);
}

test("refreshing: other tokens of the same session; the new ones work", async () => {
  const ann = await signUp(server, "ann");
  const answer = await post("/auth/refresh", { refresh_token: ann.refreshToken });
  LoginResponse.parse(answer.body);
  expect(answer.body.refreshToken).not.toBe(ann.refreshToken);
  await expectGood(answer, ann.token);
  expect(await statusOf(ann.token)).toBe(200);
});

test("for a minute a used token gives siblings, of which each can go on; the session stays one", async () => {
  const ann = await signUp(server, "ann");
  const first = await refresh(ann.refreshToken);
  server.clock.advance(WINDOW_MS - 1000);
  const second = await refresh(ann.refreshToken);
  expect(second.body.refreshToken).not.toBe(first.body.refreshToken);
  await expectGood(first, ann.token);
  await expectGood(second, ann.token);
  expect((await ann.get("/users/me/sessions")).body).toHaveLength(1);
});

test("of refreshes at once with one token each gives tokens of one family that work, and can be refreshed", async () => {
  const ann = await signUp(server, "ann");
  const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(ann.refreshToken)));
  expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(8);
  for (const answer of answers) await expectGood(answer, ann.token);
});

test("a token that comes again after the minute ends its whole family, sockets too, and no other session", async () => {
  const ann = await signUp(server, "ann");
  const other = await loginAgain(ann);
  const next = await refresh(ann.refreshToken);
  const sibling = await refresh(ann.refreshToken);
  server.clock.advance(WINDOW_MS);
  const [socket, others] = [await ann.connect(), await ann.connect(other.accessToken)];
  expect(outcome(await refresh(ann.refreshToken))).toEqual([401, "UNAUTHORIZED"]);
  expect((await socket.closed).code).toBe(4004);
  for (const { body } of [next, sibling]) {
    expect([(await refresh(body.refreshToken)).status, await statusOf(body.accessToken)]).toEqual([401, 401]);
  }
  expect(await statusOf(ann.token)).toBe(401);
  expect(others.isOpen).toBe(true);
  expect((await refresh(other.refreshToken)).status).toBe(200);
  await ann.leave();
});

test("using a token again does not begin its minute anew", async () => {
  const ann = await signUp(server, "ann");
  const first = await refresh(ann.refreshToken);
  for (let n = 0; n < 2; n++) {
    server.clock.advance(WINDOW_MS / 2 - 1000);
    expect((await refresh(ann.refreshToken)).status).toBe(200);
  }
  server.clock.advance(2000);
  expect((await refresh(ann.refreshToken)).status).toBe(401);
  expect((await refresh(first.body.refreshToken)).status).toBe(401);
});

test("a sibling keeps no session open: after a log-out, or its revocation, the minute is over", async () => {
  const [ann, bob] = [await signUp(server, "ann"), await signUp(server, "bob")];
  for (const person of [ann, bob]) expect((await refresh(person.refreshToken)).status).toBe(200);
  await ann.post("/auth/logout");
  await bob.delete(`/users/me/sessions/${decodeJwt(bob.token).sid}`);
  for (const person of [ann, bob]) {
    expect(outcome(await refresh(person.refreshToken))).toEqual([401, "UNAUTHORIZED"]);
  }
});

test("a token that was used in its last second has its minute, too, and is kept for it", async () => {
  const ann = await signUp(server, "ann");
  server.clock.advance(LIFETIME_MS - 1000);
  expect((await refresh(ann.refreshToken)).status).toBe(200);
  server.clock.advance(2000);
  await removeExpiredRefreshTokens(server.app);
  const sibling = await refresh(ann.refreshToken);
  expect(sibling.status).toBe(200);
  server.clock.advance(WINDOW_MS);
  await removeExpiredRefreshTokens(server.app);
  expect(outcome(await refresh(ann.refreshToken))).toEqual([401, "UNAUTHORIZED"]);
  expect((await refresh(sibling.body.refreshToken)).status).toBe(200);
});

test("refresh tokens that are none: 401, and 422 for what cannot be one", async () => {
  const ann = await signUp(server, "ann");
  for (const token of ["rubbish", ann.token.slice(0, 200), ann.refreshToken.slice(1), `${ann.refreshToken}=`]) {
    expect(outcome(await refresh(token))).toEqual([401, "UNAUTHORIZED"]);
  }
  for (const body of [{}, { refreshToken: "" }, { refreshToken: 5 }, { refreshToken: "x".repeat(201) }]) {
    expect((await post("/auth/refresh", body)).status).toBe(422);
  }
  expect((await refresh(ann.refreshToken)).status).toBe(200);
});
