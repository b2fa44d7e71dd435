import type { Server } from "./server.ts";

export type Person = { id: number; email: string; token: string };
export type Answer = { status: number; body: Record<string, unknown>; ms: number };

export const PASSWORD = "violet harbour 47 lanterns";
const ARGON2 = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;
const ANSWERED_WITHIN_MS = 120_000;
const LOGINS_AT_ONCE = 4;

/** Accounts made in the database, each with a login over the API. */
export async function makePeople(server: Server, name: string, count: number, role = "user"): Promise<Person[]> {
  const hash = await Bun.password.hash(PASSWORD, ARGON2);
  const sql = await server.openSql();
  const rows: { id: number; email: string }[] = await sql`
    insert into accounts (email, username, password_hash, role)
    select u || '@example.com', u, ${hash}, ${role} from (select ${name} || n as u from generate_series(1, ${count}) n) names
    returning id::float8 as id, email`;
  const people: Person[] = [];
  const waiting = [...rows];
  const lane = async () => {
    for (let row = waiting.shift(); row; row = waiting.shift())
      people.push({ ...row, token: await logIn(server, row) });
  };
  await Promise.all(Array.from({ length: LOGINS_AT_ONCE }, lane));
  return people;
}

export async function makeVideos(server: Server, owners: readonly Person[]): Promise<number[]> {
  const sql = await server.openSql();
  const ids = owners.map(({ id }) => id);
  const rows: { id: number }[] = await sql`
    insert into videos (owner_id, title, external_url, visibility)
    select o, 'a video', 'https://example.com/v.mp4', 'public' from unnest(${sql.array(ids, "BIGINT")}) o
    returning id::float8 as id`;
  await sql`update accounts set video_count = 1 where id = any(${sql.array(ids, "BIGINT")})`;
  return rows.map(({ id }) => id);
}

/** @throws Error when it does not succeed. */
async function logIn({ url }: Server, { email }: { email: string }): Promise<string> {
  const { status, body } = await tryLogIn(url, email);
  if (status !== 200) throw new Error(`login of ${email}: ${status} ${JSON.stringify(body)}`);
  return String(body.accessToken);
}

export async function tryLogIn(url: string, email: string): Promise<Answer> {
  return await call(url, "POST", "/api/v1/auth/login", { body: { email, password: PASSWORD } });
}

/** One request; status 0 when there was no answer. */
export async function call(
  url: string,
  method: string,
  path: string,
  { token, body }: { token?: string; body?: object } = {},
): Promise<Answer> {
  const startedMs = performance.now();
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWERED_WITHIN_MS),
  }).catch(() => null);
  const answer = (await response?.json().catch(() => null)) as Answer["body"] | null;
  return { status: response?.status ?? 0, body: answer ?? {}, ms: performance.now() - startedMs };
}
