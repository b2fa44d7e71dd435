import { beforeAll, expect, test } from "bun:test";
import { ErrorBody, LoginResponse, OwnUser, Session } from "@reelay/contract";
import { call, type Person, promote, serverForFile, signUp, TestSocket } from "@reelay/testkit";
import { decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { z } from "zod";

const DAY_MS = 86_400_000;
const SECRET = "a secret of the tests, long enough";

const { server, people } = serverForFile({ env: { TRUSTED_PROXIES: "1" } });
let admin: Person;

beforeAll(async () => {
  admin = await signUp(server, "admin");
  await promote(server, admin, "admin");
});

let addresses = 0;
/** Each test that fails logins does so from an address of its own: failures are counted by it. */
const newAddress = () => `203.0.113.${++addresses}`;

const post = (path: string, body: unknown, from = newAddress()) =>
  call(server.url, "POST", path, { body, headers: { "x-forwarded-for": from } });
const register = (body: unknown) => post("/auth/register", body);
const login = (body: unknown, from?: string) => post("/auth/login", body, from);
const refresh = (refreshToken: string) => post("/auth/refresh", { refreshToken });
const statusOf = async (token: string) => (await call(server.url, "GET", "/users/me", { token })).status;

const loginAgain = async ({ email, password }: Person): Promise<LoginResponse> =>
  (await login({ email, password })).body;
const statusesOf = (answers: { status: number }[]) => answers.map(({ status }) => status);
const outcome = ({ status, body }: { status: number; body: any }) => [status, body.error?.code];
const fieldsOf = ({ body }: { body: any }): string[] => body.error.details.map((detail: any) => detail.path);

/** What is left of an error when only what differs from one request to the next is taken away. */
function withoutRequestId({ status, body }: { status: number; body: any }) {
  ErrorBody.parse(body);
  return { status, body: { ...body, error: { ...body.error, requestId: "" } } };
}

test("registering answers 201 with one's own account and no token of any kind; logging in comes next", async () => {
  const names = { email: "Lan.Tran@Example.com", username: "Lan.Tran" };
  const { status, body, headers } = await register({ ...names, password: "p4ssw0rd of lan", full_name: " Lan " });
  expect(status).toBe(201);
  OwnUser.parse(body);
  expect(body).toMatchObject({ ...names, fullName: "Lan", avatarUrl: null, bio: null, role: "user", status: "active" });
  expect(JSON.stringify(body)).not.toMatch(/token|password|eyJ|argon/i);
  expect(headers.get("set-cookie")).toBeNull();
  expect((await login({ email: names.email, password: "p4ssw0rd of lan" })).status).toBe(200);
});

test("e-mail and username are taken without regard to case, and so are the names of deleted accounts", async () => {
  const ann = await signUp(server, "ann");
  const free = { email: "free@example.com", username: "free.name", password: "long enough" };
  const attempts = [
    { ...free, email: ann.email.toUpperCase() },
    { ...free, username: ann.username.toUpperCase() },
    { ...free, username: "Deleted_7" },
  ];
  const answers = await Promise.all(attempts.map(register));
  expect(statusesOf(answers)).toEqual([409, 409, 409]);
  expect(answers.map(({ body }) => body.error.code)).toEqual(["EMAIL_TAKEN", "USERNAME_TAKEN", "USERNAME_TAKEN"]);
  expect((await register(free)).status).toBe(201);
});

test("of many who register the same name at once, one gets it", async () => {
  const draft = (username: string, n: number) => ({ email: `race${n}@example.com`, username, password: "long enough" });
  const answers = await Promise.all(["race", "RACE", "Race", "racE"].map(draft).map(register));
  expect(statusesOf(answers).sort()).toEqual([201, 409, 409, 409]);
});

test("registering with a field that is not valid: 422, one detail a field, nothing of what was sent", async () => {
  const good = { email: "valid@example.com", username: "valid", password: "hunter2-hunter2", fullName: "V" };
  const bad: [string, unknown[]][] = [
    ["email", [undefined, null, 5, "", "hunter2", "a@", `${"a".repeat(250)}@example.com`, "a\u0000@example.com"]],
    ["username", [undefined, null, 5, "hu", "hunter2".repeat(5), "hunter 2", "hunter-2", "nguyễn", "a@b.c", "abc\n"]],
    ["password", [undefined, null, 5, "hunter2", "hunter2".repeat(19), "hunter2\u0000hunter2"]],
    ["fullName", [5, "hunter2".repeat(15), "hunter2\u0007", `${"hunter2".repeat(15)}\u0007`]],
  ];
  for (const [field, values] of bad) {
    for (const value of values) {
      const answer = await register({ ...good, [field]: value });
      expect([field, value, ...outcome(answer)]).toEqual([field, value, 422, "VALIDATION_ERROR"]);
      expect(fieldsOf(answer)).toEqual([field]);
      expect(JSON.stringify(answer.body)).not.toContain("hunter2");
    }
  }
  const all = await register({ email: "hunter2", username: "hunter2!", password: "hunter2", fullName: ["hunter2"] });
  expect(fieldsOf(all).sort()).toEqual(["email", "fullName", "password", "username"]);
  expect(JSON.stringify(all.body)).not.toContain("hunter2");
  expect((await register(good)).status).toBe(201);
});

test("logging in by JSON or by a form, with e-mail or username, in any case", async () => {
  const ann = await signUp(server, "Ann");
  const { email, username, password } = ann;
  const json = (body: object) => ({ body: JSON.stringify(body), headers: { "content-type": "application/json" } });
  const requests: RequestInit[] = [
    json({ email, password }),
    json({ email: email.toUpperCase(), password }),
    json({ username, password }),
    json({ username: username.toLowerCase(), password }),
    json({ username: email, password }),
    json({ email: "", username, password, remember_me: true }),
    { body: new URLSearchParams({ username: email, password, grant_type: "password", scope: "" }) },
    { body: new URLSearchParams({ username, password, unknown: "field" }) },
  ];
  for (const request of requests) {
    const response = await fetch(`${server.url}/api/v1/auth/login`, { method: "POST", ...request });
    expect(response.status).toBe(200);
    expect(LoginResponse.parse(await response.json()).user.id).toBe(ann.id);
  }
});

test("the answer to a login: the token under both names, its lifetime, the account; its claims are the five", async () => {
  const ann = await signUp(server, "ann");
  const body = await loginAgain(ann);
  expect([body.access_token, body.token_type, body.expiresIn]).toEqual([body.accessToken, "bearer", 7 * 86_400]);
  expect(decodeProtectedHeader(body.accessToken).alg).toBe("HS256");
  const claims = decodeJwt(body.accessToken);
  expect(Object.keys(claims).sort()).toEqual(["exp", "iat", "sid", "sub", "ver"]);
  expect([claims.sub, claims.exp! - claims.iat!]).toEqual([String(ann.id), body.expiresIn]);
  const own = await call(server.url, "GET", "/auth/test-token", { token: body.accessToken });
  expect(own.body).toEqual(body.user);
});

test("a wrong login gets one 401, whatever was wrong with it", async () => {
  const [ann, gone] = [await signUp(server, "ann"), await signUp(server, "gone")];
  const [passwordless] = await people("passwordless");
  expect((await gone.delete("/users/me", { password: gone.password })).status).toBe(200);
  const attempts = [
    ["nobody@example.com", "correct horse"],
    ["nobody", "correct horse"],
    [ann.email, "wrong"],
    [ann.username, "Correct horse"],
    [gone.email, gone.password],
    [`deleted_${gone.id}`, gone.password],
    [passwordless.email, "x"],
  ];
  const logins = attempts.map(([username, password]) => login({ username, password }));
  const checks = attempts.map(([email, password]) => post("/auth/verify-password", { email, password }));
  const [first, ...others] = (await Promise.all([...logins, ...checks])).map(withoutRequestId);
  expect(first).toMatchObject({ status: 401, body: { error: { code: "INVALID_CREDENTIALS" } } });
  for (const other of others) expect(other).toEqual(first!);
});

test("a banned account learns why and until when with the right password only", async () => {
  const bob = await signUp(server, "bob");
  const until = new Date(server.clock.now() + 3_600_000).toISOString();
  await admin.post(`/admin/users/${bob.id}/ban`, { reason: "spam", until });
  for (const path of ["/auth/login", "/auth/verify-password"]) {
    const right = await post(path, { email: bob.email, password: bob.password });
    expect(outcome(right)).toEqual([403, "ACCOUNT_BANNED"]);
    expect(right.body.error.details).toEqual({ reason: "spam", until, appealToken: expect.any(String) });
    const wrong = await post(path, { email: bob.email, password: "wrong" });
    const unknown = await post(path, { email: "nobody@example.com", password: "wrong" });
    expect(withoutRequestId(wrong)).toEqual(withoutRequestId(unknown));
  }
});

test("ten failures for an account from an address, then 429, even with the right password", async () => {
  const [ann, bob] = [await signUp(server, "ann"), await signUp(server, "bob")];
  const here = newAddress();
  for (let n = 0; n < 10; n++) {
    const email = n % 2 ? ann.email : ann.email.toUpperCase();
    expect((await login({ email, password: "wrong" }, n % 3 ? here : `198.51.100.${n}, ${here}`)).status).toBe(401);
  }
  for (const password of ["wrong", ann.password]) {
    const refused = await login({ email: ann.email, password }, `198.51.100.99, ${here}`);
    expect(outcome(refused)).toEqual([429, "RATE_LIMIT"]);
    const wait = Number(refused.headers.get("retry-after"));
    expect(Number.isInteger(wait) && wait >= 1 && wait <= 900).toBe(true);
  }
  expect((await post("/auth/verify-password", { email: ann.email, password: ann.password }, here)).status).toBe(429);
  expect((await login({ email: bob.email, password: bob.password }, here)).status).toBe(200);
  expect((await login({ email: ann.email, password: ann.password })).status).toBe(200);
});

test("logins that succeed are not counted", async () => {
  const ann = await signUp(server, "ann");
  const here = newAddress();
  const attempts = [...Array(12).fill(ann.password), ...Array(9).fill("wrong"), ann.password, "wrong", ann.password];
  const statuses = [];
  for (const password of attempts) statuses.push((await login({ email: ann.email, password }, here)).status);
  expect(statuses).toEqual([...Array(12).fill(200), ...Array(9).fill(401), 200, 401, 429]);
});

test("guesses sent all at once do not slip past the limit together", async () => {
  const ann = await signUp(server, "ann");
  const here = newAddress();
  const guess = (_: unknown, n: number) => login({ email: ann.email, password: `guess ${n}` }, here);
  const statuses = statusesOf(await Promise.all(Array.from({ length: 30 }, guess)));
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(20);
});

test("a hundred failures from an address, for whichever accounts, then 429 for all of them", async () => {
  const ann = await signUp(server, "ann");
  const here = newAddress();
  const guess = (_: unknown, n: number) => login({ username: `nobody.${n}`, password: "x" }, here);
  const statuses = statusesOf(await Promise.all(Array.from({ length: 100 }, guess)));
  expect(new Set(statuses)).toEqual(new Set([401]));
  const refused = await login({ email: ann.email, password: ann.password }, here);
  expect(outcome(refused)).toEqual([429, "RATE_LIMIT"]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(900);
  expect((await login({ email: ann.email, password: ann.password })).status).toBe(200);
  const signedIn = { token: ann.token, headers: { "x-forwarded-for": here } };
  expect((await call(server.url, "GET", "/users/me", signedIn)).status).toBe(200);
});

test("verifying a password makes no session, and says nothing but that it is right", async () => {
  const ann = await signUp(server, "ann");
  const { status, body } = await post("/auth/verify-password", { email: ann.email, password: ann.password });
  expect([status, body]).toEqual([200, { valid: true }]);
  expect((await ann.get("/users/me/sessions")).body).toHaveLength(1);
});

test("an access token lasts seven days, a refresh token thirty", async () => {
  const ann = await signUp(server, "ann");
  server.clock.advance(7 * DAY_MS - 60_000);
  expect(await statusOf(ann.token)).toBe(200);
  server.clock.advance(60_000);
  expect(await statusOf(ann.token)).toBe(401);
  server.clock.advance(23 * DAY_MS - 60_000);
  const { status, body } = await refresh(ann.refreshToken);
  expect(status).toBe(200);
  server.clock.advance(30 * DAY_MS);
  expect(outcome(await refresh(body.refreshToken))).toEqual([401, "UNAUTHORIZED"]);
  admin.token = (await loginAgain(admin)).accessToken;
});

test("a ban outdates the tokens made before it; the refresh token tells of it, and works again after it", async () => {
  const bob = await signUp(server, "bob");
  const { sub, sid, ver } = decodeJwt(bob.token);
  await admin.post(`/admin/users/${bob.id}/ban`, { reason: "spam" });
  const refused = await refresh(bob.refreshToken);
  expect(outcome(refused)).toEqual([403, "ACCOUNT_BANNED"]);
  expect(refused.body.error.details).toEqual({ reason: "spam", until: null });
  await admin.post(`/admin/users/${bob.id}/unban`);
  expect(await statusOf(bob.token)).toBe(401);
  const { status, body } = await refresh(bob.refreshToken);
  expect([status, await statusOf(body.accessToken)]).toEqual([200, 200]);
  const byHand = async (ver: unknown) => statusOf(await signed({ sub, sid, ver }));
  expect([await byHand(ver), await byHand(decodeJwt(body.accessToken).ver)]).toEqual([401, 200]);
});

/** A token made by hand, as ours are made unless told otherwise. */
async function signed(claims: object, { key = SECRET, alg = "HS256", without = "" } = {}): Promise<string> {
  const iat = Math.floor(server.clock.now() / 1000);
  const payload: JWTPayload = { iat, exp: iat + 60, ver: 0, ...claims };
  delete payload[without];
  return await new SignJWT(payload).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));
}

test("tokens that are not ours, not whole or not valid: 401 everywhere, and 4001 at the socket", async () => {
  const [ann, bob] = [await signUp(server, "ann"), await signUp(server, "bob")];
  const [sub, sid] = [String(ann.id), decodeJwt(ann.token).sid];
  const now = Math.floor(server.clock.now() / 1000);
  expect(await statusOf(await signed({ sub, sid }))).toBe(200);
  const odd = [ann.id, [sub], true, `${sub}.0`, ` ${sub} `, `0x${sub}`, `${sub}e0`];
  const bobs = decodeJwt(bob.token);
  const [head, , signature] = ann.token.split(".");
  const bobsClaims = bob.token.split(".")[1];
  const tokens = await Promise.all([
    signed({ sub, sid }, { key: "another key of the tests, long enough" }),
    signed({ sub, sid }, { key: " " }),
    ...["HS384", "HS512"].map((alg) => signed({ sub, sid }, { alg })),
    new UnsecuredJWT({ sub, sid, ver: 0, iat: now, exp: now + 60 }).encode(),
    signed({ sub, sid, exp: now - 1 }),
    signed({ sub, sid, exp: String(now + 60) }),
    signed({ sub, sid, nbf: now + 30 }),
    ...["sub", "sid", "ver", "iat", "exp"].map((without) => signed({ sub, sid }, { without })),
    ...["", "0", "-1", "1.5", "x", `${sub}x`, "999999999", "9007199254740993", {}, ...odd].map((id) =>
      signed({ sub: id, sid }),
    ),
    ...[String(sid), 0, -1, 1.5, null, 999_999_999, bobs.sid].map((id) => signed({ sub, sid: id })),
    ...["0", 1, -1, 0.5, null].map((ver) => signed({ sub, sid, ver })),
    `${head}.${bobsClaims}.${signature}`,
    `${head}.${bobsClaims}.`,
    `${ann.token}x`,
    ...["a.b.c", "..", "garbage"],
    `${ann.token}${"x".repeat(10_000)}`,
  ]);
  for (const token of tokens) {
    const own = await call(server.url, "GET", "/users/me", { token });
    expect([token.slice(0, 300), ...outcome(own)]).toEqual([token.slice(0, 300), 401, "UNAUTHORIZED"]);
    expect((await call(server.url, "GET", `/users/${ann.id}`, { token })).status).toBe(401);
    expect((await TestSocket.open(server.url, token).closed).code).toBe(4001);
  }
});

test("authorization headers that are none: 401; the scheme is read in any case", async () => {
  const { token } = await signUp(server, "ann");
  const status = async (authorization: string) =>
    (await call(server.url, "GET", "/users/me", { headers: { authorization } })).status;
  const bad = ["Bearer", "Bearer ", token, `Basic ${token}`, `Bearer: ${token}`, `Bearer ${token} x`, "Bearer null"];
  for (const header of bad) expect([header, await status(header)]).toEqual([header, 401]);
  expect([await status(`bearer ${token}`), await status(`BEARER  ${token}`)]).toEqual([200, 200]);
});

test("logging out ends this session, with its refresh token, and no other", async () => {
  const ann = await signUp(server, "ann");
  const other = await loginAgain(ann);
  expect((await ann.post("/auth/logout")).body).toEqual({ success: true, changed: true });
  expect((await ann.post("/auth/logout")).status).toBe(401);
  expect((await refresh(ann.refreshToken)).status).toBe(401);
  expect([await statusOf(ann.token), await statusOf(other.accessToken)]).toEqual([401, 200]);
  expect((await refresh(other.refreshToken)).status).toBe(200);
});

test("one's sessions: where each was opened, which one is this; one can be ended, somebody else's not", async () => {
  const [ann, bob] = [await signUp(server, "ann"), await signUp(server, "bob")];
  const { body: phone } = await call(server.url, "POST", "/auth/login", {
    body: { email: ann.email, password: ann.password },
    headers: { "user-agent": "Reelay/1 (phone)", "x-forwarded-for": "192.0.2.9" },
  });
  const { body: sessions } = await ann.get("/users/me/sessions");
  z.array(Session).parse(sessions);
  expect(sessions.map((session: Session) => [session.id, session.isCurrent])).toEqual([
    [decodeJwt(phone.accessToken).sid, false],
    [decodeJwt(ann.token).sid, true],
  ]);
  expect(sessions[0]).toMatchObject({ userAgent: "Reelay/1 (phone)", address: "192.0.2.9" });
  const path = `/users/me/sessions/${sessions[0].id}`;
  expect(outcome(await bob.delete(path))).toEqual([404, "SESSION_NOT_FOUND"]);
  expect(outcome(await ann.delete("/users/me/sessions/999999999"))).toEqual([404, "SESSION_NOT_FOUND"]);
  expect(await statusOf(phone.accessToken)).toBe(200);
  expect((await ann.delete(path)).body).toEqual({ success: true, changed: true });
  expect((await ann.delete(path)).body).toEqual({ success: true, changed: false });
  expect([await statusOf(phone.accessToken), (await refresh(phone.refreshToken)).status]).toEqual([401, 401]);
  expect((await ann.get("/users/me/sessions")).body.map((session: Session) => session.isCurrent)).toEqual([true]);
});

test("changing the password: the current one is asked for, every other session ends, the old one is wrong", async () => {
  const ann = await signUp(server, "ann");
  const other = await loginAgain(ann);
  const change = (currentPassword: string, newPassword: string) =>
    ann.post("/users/me/password", { currentPassword, newPassword });
  expect(outcome(await change("wrong", "battery staple"))).toEqual([401, "INVALID_CREDENTIALS"]);
  expect(fieldsOf(await change(ann.password, "short"))).toEqual(["newPassword"]);
  expect(await statusOf(other.accessToken)).toBe(200);
  expect((await change(ann.password, "battery staple")).body).toEqual({ success: true, changed: true });
  expect([await statusOf(ann.token), await statusOf(other.accessToken)]).toEqual([200, 401]);
  expect([(await refresh(ann.refreshToken)).status, (await refresh(other.refreshToken)).status]).toEqual([200, 401]);
  expect((await login({ email: ann.email, password: ann.password })).status).toBe(401);
  expect((await login({ email: ann.email, password: "battery staple" })).status).toBe(200);
});
