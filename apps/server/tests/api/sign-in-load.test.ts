import { expect, test } from "bun:test";
import { call, serverForFile, signUp, waitFor } from "@reelay/testkit";

/* What happens to those who sign in while others ask for more passwords to be hashed than can be. */

const { server } = serverForFile({ env: { TRUSTED_PROXIES: "1", RATE_LOGINS_PER_HOUR: "3" } });

const post = (
  path: string,
  body: unknown,
  { from = "192.0.2.1", signal }: { from?: string; signal?: AbortSignal } = {},
) =>
  fetch(`${server.url}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-forwarded-for": from },
    body: JSON.stringify(body),
    signal,
  });

const register = (username: string, signal?: AbortSignal) =>
  post("/auth/register", { username, email: `${username}@example.com`, password: "correct horse" }, { signal });

async function countOf(prefix: string): Promise<number> {
  const [row] = await server.app.sql`
    select count(*)::float8 as count from accounts where username like ${prefix} || '%'`;
  return row.count;
}

test("who leaves before their turn is skipped: no hash is made, no account", async () => {
  const leaving = new AbortController();
  const attempts = Array.from({ length: 120 }, (_, n) => register(`leaver${n}`, leaving.signal));
  const outcomes = Promise.allSettled(attempts);
  await Promise.race(attempts);
  leaving.abort();
  await outcomes;
  // Behind everybody else: by now the others have had their turn.
  expect((await register("stayer")).status).toBe(201);
  const made = await countOf("leaver");
  expect(made).toBeGreaterThan(0);
  expect(made).toBeLessThan(90);
});

test("more than can wait are told so, with a time; who logs in is not, and goes first", async () => {
  const ann = await signUp(server, "ann");
  const registering = Array.from({ length: 300 }, (_, n) => register(`crowd${n}`));
  const refused = await Promise.race(
    registering.map(async (each) => ((await each).status === 503 ? await each : new Promise<never>(() => {}))),
  );
  expect(refused.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
  expect(((await refused.clone().json()) as any).error.code).toBe("SERVER_BUSY");
  const login = await post("/auth/login", { email: ann.email, password: ann.password }, { from: "192.0.2.2" });
  expect(login.status).toBe(200);
  expect(await countOf("crowd")).toBeLessThan(100);
  const statuses = (await Promise.all(registering)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([201, 503]));
  expect(await countOf("crowd")).toBe(statuses.filter((status) => status === 201).length);
});

test("beyond the budget of its address a login waits behind others, and is answered all the same", async () => {
  const ann = await signUp(server, "ann");
  const login = (from: string) => post("/auth/login", { email: ann.email, password: ann.password }, { from });
  const order: string[] = [];
  for (let n = 0; n < 3; n++) expect((await login("192.0.2.10")).status).toBe(200);
  const registering = Array.from({ length: 60 }, (_, n) => register(`busy${n}`));
  await Promise.race(registering);
  const frequent = login("192.0.2.10").then(({ status }) => order.push(`frequent ${status}`));
  await waitFor(async () => ((await server.app.limits.logins.check("192.0.2.10")) > 0 ? true : undefined));
  const first = login("192.0.2.11").then(({ status }) => order.push(`first ${status}`));
  await Promise.all([frequent, first, ...registering]);
  expect(order).toEqual(["first 200", "frequent 200"]);
});

test("an account's failures count however it is named, and no answer tells that two names are one person's", async () => {
  const [ann, bob] = [await signUp(server, "ann"), await signUp(server, "bob")];
  const attempt = async (username: string, password: string, from: string) => {
    const answer = await call(server.url, "POST", "/auth/login", {
      body: { username, password },
      headers: { "x-forwarded-for": from },
    });
    return `${answer.status} ${answer.body.error?.code ?? ""}`;
  };
  const here = "192.0.2.20";
  for (let n = 0; n < 10; n++) expect(await attempt(ann.email, "wrong", here)).toBe("401 INVALID_CREDENTIALS");
  expect(await attempt(ann.email, "wrong", here)).toBe("429 RATE_LIMIT");
  for (const name of [ann.username, bob.username, "nobody"]) {
    expect([name, await attempt(name, "wrong", here)]).toEqual([name, "401 INVALID_CREDENTIALS"]);
  }
  // Ten guesses are all there are, by whichever name; elsewhere the right password is right.
  expect(await attempt(ann.username, ann.password, here)).toBe("401 INVALID_CREDENTIALS");
  expect(await attempt(ann.username, ann.password, "192.0.2.21")).toBe("200 ");
  expect(await attempt(bob.username, bob.password, here)).toBe("200 ");
});

test("failures are counted by the /64 of an IPv6 address", async () => {
  const ann = await signUp(server, "ann");
  const attempt = async (password: string, from: string) =>
    (await post("/auth/login", { email: ann.email, password }, { from })).status;
  for (let n = 0; n < 10; n++) expect(await attempt("wrong", `2001:db8:0:1::${n}`)).toBe(401);
  expect(await attempt(ann.password, "2001:db8:0:1:ffff::1")).toBe(429);
  expect(await attempt(ann.password, "2001:db8:0:2::1")).toBe(200);
});
