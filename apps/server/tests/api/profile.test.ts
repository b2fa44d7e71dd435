import { expect, test } from "bun:test";
import { call, type Person, serverForFile } from "@reelay/testkit";
import { findAccounts } from "../../src/features/accounts/accounts.ts";
import { createAdmin } from "../../src/features/accounts/first-admin.ts";

/* Which names, addresses and passwords somebody may choose, and what changing them takes. */

const { server, people } = serverForFile({ env: { RATE_PROFILE_PER_HOUR: "10" } });

const outcome = ({ status, body }: { status: number; body: any }) => [status, body.error?.code];
const fieldsOf = ({ body }: { body: any }) => body.error?.details?.map((detail: any) => detail.path);

let drafts = 0;
const register = (changes: object) => {
  const name = `draft${++drafts}`;
  const body = { username: name, email: `${name}@example.com`, password: "correct horse", ...changes };
  return call(server.url, "POST", "/auth/register", { body });
};

const change = (person: Person, changes: object) => person.put("/users/me", changes);

test("the e-mail address changes with the password only; one that stays needs none", async () => {
  const [ann] = await people("ann");
  const email = `new.${ann.email}`;
  const without = await change(ann, { email, bio: "x" });
  expect([...outcome(without), fieldsOf(without)]).toEqual([422, "VALIDATION_ERROR", ["currentPassword"]]);
  expect(outcome(await change(ann, { email, currentPassword: "wrong", bio: "x" }))).toEqual([
    401,
    "INVALID_CREDENTIALS",
  ]);
  expect((await ann.get("/users/me")).body).toMatchObject({ email: ann.email, bio: null });
  expect((await change(ann, { email: ann.email, username: ann.username, fullName: "Ann" })).status).toBe(200);
  expect((await change(ann, { email, current_password: ann.password })).body.email).toBe(email);
  const login = await call(server.url, "POST", "/auth/login", { body: { email, password: ann.password } });
  expect(login.status).toBe(200);
});

test("that an address is registered is said only with the password, and only so often", async () => {
  const [ann, bob] = await people("ann", "bob");
  const free = "nobody.has.it@example.com";
  const guess = async (email: string, currentPassword?: string) =>
    outcome(await change(ann, { email, currentPassword }));
  for (const password of [undefined, "wrong"]) {
    expect(await guess(bob.email, password)).toEqual(await guess(free, password));
  }
  for (let n = 0; n < 6; n++) expect(await guess(bob.email, ann.password)).toEqual([409, "EMAIL_TAKEN"]);
  for (const email of [bob.email, free]) expect(await guess(email, ann.password)).toEqual([429, "RATE_LIMIT"]);
  expect((await change(ann, { username: ann.username, email: ann.email })).status).toBe(200);
});

test("the password is guessed no more often here than at the login", async () => {
  const [ann] = await people("ann");
  const guess = (password: string) => change(ann, { email: `x.${ann.email}`, currentPassword: password });
  for (let n = 0; n < 5; n++) expect((await guess("wrong")).status).toBe(401);
  for (let n = 0; n < 5; n++) {
    const wrong = { currentPassword: "wrong", newPassword: "battery staple" };
    expect((await ann.post("/users/me/password", wrong)).status).toBe(401);
  }
  expect(outcome(await guess(ann.password))).toEqual([429, "RATE_LIMIT"]);
});

test("a username changes twice a day; trying one that is taken does not count", async () => {
  const [ann, bob] = await people("ann", "bob");
  const rename = async (username: string) => outcome(await change(ann!, { username }))[0];
  expect(await rename(bob!.username)).toBe(409);
  expect([await rename("twice.a"), await rename("twice.a"), await rename("twice.b")]).toEqual([200, 200, 200]);
  const refused = await change(ann!, { username: "twice.c", bio: "not kept" });
  expect(outcome(refused)).toEqual([429, "RATE_LIMIT"]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(3600);
  expect((await ann!.get("/users/me")).body).toMatchObject({ username: "twice.b", bio: null });
  expect(await rename("twice.b")).toBe(200);
});

test("of renames sent at once two succeed", async () => {
  const [ann] = await people("ann");
  const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => change(ann!, { username: `at.once.${n}` })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(6);
});

test("names that stand for us are taken, however they are written; names that only begin so are not", async () => {
  const [ann] = await people("ann");
  for (const username of [
    "admin",
    "Moderator",
    "SUPPORT",
    "sys.tem",
    "_reelay_",
    "r.o.o.t",
    "Reelay.Support",
    "deleted_7",
  ]) {
    expect([username, ...outcome(await register({ username }))]).toEqual([username, 409, "USERNAME_TAKEN"]);
  }
  expect(outcome(await change(ann!, { username: "Admin" }))).toEqual([409, "USERNAME_TAKEN"]);
  expect((await register({ username: "admiral" })).status).toBe(201);
  expect((await register({ username: "rootbeer" })).status).toBe(201);
});

test("a username has a letter: one of digits could be taken for an id", async () => {
  const [ann] = await people("ann");
  for (const username of ["123", "...", "___", "1.2_3", "0000000"]) {
    for (const answer of [await register({ username }), await change(ann!, { username })]) {
      expect([username, answer.status, fieldsOf(answer)]).toEqual([username, 422, ["username"]]);
    }
  }
  expect((await register({ username: "1a2" })).status).toBe(201);
});

test("an operator who names an account by digits gets the one of that id, or both when it is also somebody's name", async () => {
  const [ann, bob] = await people("ann", "bob");
  const find = (named: string | number) => findAccounts(server.app, String(named));
  for (const named of [ann!.id, ann!.username.toUpperCase(), ann!.email]) expect(await find(named)).toEqual([ann!.id]);
  await server.app.sql`update accounts set username = ${String(ann!.id)} where id = ${bob!.id}`;
  expect((await find(ann!.id)).sort()).toEqual([ann!.id, bob!.id].sort());
  expect(await find(bob!.email)).toEqual([bob!.id]);
  expect(await find("999999999")).toEqual([]);
  const admin = { email: "digits@example.com", username: "4712", password: "correct horse" };
  await expect(createAdmin(server.app, admin)).rejects.toThrow("must contain a letter");
  const { username } = await createAdmin(server.app, { email: "4713@example.com", password: "correct horse" });
  expect(username).toStartWith("admin");
});

test("who bears such a name from before keeps it, and saves the rest of the profile with it", async () => {
  const [ann] = await people("ann");
  await server.app.sql`update accounts set username = '4711' where id = ${ann!.id}`;
  expect((await change(ann!, { username: "4711", fullName: "Ann" })).body).toMatchObject({
    username: "4711",
    fullName: "Ann",
  });
});

test("the most common passwords are refused, in any case, wherever one is chosen", async () => {
  const [ann] = await people("ann");
  for (const password of ["12345678", "password", "PASSWORD", "Qwerty123", "iloveyou", "p@ssw0rd"]) {
    const registered = await register({ password });
    expect([password, registered.status, fieldsOf(registered)]).toEqual([password, 422, ["password"]]);
    expect(registered.body.error.details[0].message).toContain("common");
    const changed = await ann.post("/users/me/password", { currentPassword: ann.password, newPassword: password });
    expect([password, changed.status, fieldsOf(changed)]).toEqual([password, 422, ["newPassword"]]);
  }
  expect((await register({ password: "12345678 and more" })).status).toBe(201);
});

test("a full name has no invisible characters and none that turn its direction; joiners where they belong", async () => {
  const [ann] = await people("ann");
  const odd = ["\u202e", "\u200b", "\u2028", "\u2066", "\ufeff", "\u00ad", "\u061c", "\u3164", "\u200d", "\u200c"];
  for (const character of odd) {
    const fullName = `Ad${character}min`;
    for (const answer of [await register({ fullName }), await change(ann!, { fullName })]) {
      expect([escape(character), answer.status, fieldsOf(answer)]).toEqual([escape(character), 422, ["fullName"]]);
    }
  }
  for (const fullName of ["Nguyễn Văn Ân", "Chi 👩‍🍳", "👩🏽‍💻", "🏳️‍🌈", "می‌خواهم", "क्‍ष", "עברית"]) {
    expect([fullName, (await register({ fullName })).body.fullName]).toEqual([fullName, fullName]);
  }
});

test("of the sessions of one user the newest hundred live", async () => {
  const [ann] = await people("ann");
  const socket = await ann.connect();
  await server.app.sql`
    with many as (
      insert into sessions (user_id, last_used_at)
      select ${ann.id}, now() - make_interval(mins => n) from generate_series(1, 400) n returning id
    )
    insert into refresh_tokens (token_hash, session_id, expires_at)
    select sha256(id::text::bytea), id, now() + interval '1 day' from many`;
  expect((await ann.get("/users/me/sessions")).body).toHaveLength(100);
  await server.app.sql`
    update sessions set last_used_at = now() - interval '1 year'
    where id = (select min(id) from sessions where user_id = ${ann.id})`;
  const login = { body: { email: ann.email, password: ann.password } };
  const { body } = await call(server.url, "POST", "/auth/login", login);
  expect((await socket.closed).code).toBe(4004);
  expect((await ann.get("/users/me")).status).toBe(401);
  const token = body.accessToken;
  const { body: sessions } = await call(server.url, "GET", "/users/me/sessions", { token });
  expect([sessions.length, sessions[0].isCurrent]).toEqual([100, true]);
  const [row] = await server.app.sql`
    select count(*)::float8 as live from sessions where user_id = ${ann.id} and revoked_at is null`;
  expect(row.live).toBe(100);
});
