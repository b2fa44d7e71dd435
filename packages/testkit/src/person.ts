import { createHash, randomBytes } from "node:crypto";
import { hashPassword } from "../../../apps/server/src/features/accounts/passwords.ts";
import { type Answer, call } from "./api.ts";
import type { TestServer } from "./server.ts";
import { TestSocket } from "./test-socket.ts";

type Account = Pick<Person, "id" | "username" | "email" | "password" | "token" | "refreshToken">;

/** A user with an app: calls the API and holds sockets, as the front end does. */
export class Person {
  readonly url: string;
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly password: string;
  token: string;
  refreshToken: string;
  readonly #sockets: TestSocket[] = [];

  constructor(url: string, account: Account) {
    this.url = url;
    this.id = account.id;
    this.username = account.username;
    this.email = account.email;
    this.password = account.password;
    this.token = account.token;
    this.refreshToken = account.refreshToken;
  }

  get<T = any>(path: string): Promise<Answer<T>> {
    return this.call<T>("GET", path);
  }
  post<T = any>(path: string, body?: unknown): Promise<Answer<T>> {
    return this.call<T>("POST", path, body);
  }
  put<T = any>(path: string, body?: unknown): Promise<Answer<T>> {
    return this.call<T>("PUT", path, body);
  }
  delete<T = any>(path: string, body?: unknown): Promise<Answer<T>> {
    return this.call<T>("DELETE", path, body);
  }

  call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    return call<T>(this.url, method, path, { token: this.token, body });
  }

  /** Opens a socket and waits for `connected`. */
  async connect(token = this.token): Promise<TestSocket> {
    const socket = TestSocket.open(this.url, token);
    this.#sockets.push(socket);
    await socket.next("connected");
    return socket;
  }

  /** Opens a resumable socket and waits until it is live. */
  async resume(cursor = ""): Promise<TestSocket> {
    const socket = TestSocket.open(this.url, this.token, `&cursor=${encodeURIComponent(cursor)}`);
    this.#sockets.push(socket);
    await socket.next("sync:synced");
    return socket;
  }

  /** Closes every socket as a client does, and waits until the server has taken note. */
  async leave(): Promise<void> {
    await Promise.all(this.#sockets.splice(0).map((socket) => socket.close()));
  }

  /** The same account and session at another node. */
  at({ url }: Pick<TestServer, "url">): Person {
    return new Person(url, this);
  }
}

const PASSWORD = "correct horse";
let accounts = 0;
let passwordHash: Promise<string> | undefined;

/** Registers and logs in over HTTP: for tests of just that, of refresh tokens, and of servers in another process. */
export async function signUp({ url }: Pick<TestServer, "url">, name = "person"): Promise<Person> {
  const username = `${name}${++accounts}`;
  const email = `${username}@example.com`;
  const password = PASSWORD;
  const registered = await call(url, "POST", "/auth/register", { body: { email, username, password } });
  if (registered.status !== 201) throw new Error(`register: ${registered.status} ${JSON.stringify(registered.body)}`);
  const { body } = await call(url, "POST", "/auth/login", { body: { email, password } });
  const { accessToken: token, refreshToken, user } = body;
  return new Person(url, { id: user.id, username, email, password, token, refreshToken });
}

/** For each name an account with a password and a session, made in the database. The usernames begin with the names. */
export async function peopleOf<Names extends readonly string[]>(
  server: TestServer,
  ...names: Names
): Promise<{ -readonly [I in keyof Names]: Person }> {
  const people = await addAccounts(
    server,
    names.map((name) => `${name}${++accounts}`),
  );
  return people as { -readonly [I in keyof Names]: Person };
}

/** The same for as many accounts as a test needs, one at least. */
export async function crowd(server: TestServer, size: number, name = "person"): Promise<[Person, ...Person[]]> {
  const people = await addAccounts(
    server,
    Array.from({ length: size }, () => `${name}${++accounts}`),
  );
  return people as [Person, ...Person[]];
}

async function addAccounts({ app, url }: TestServer, usernames: string[]): Promise<Person[]> {
  passwordHash ??= hashPassword(PASSWORD);
  const rows: { id: number; sessionId: number; username: string }[] = await app.sql`
    with account as (
      insert into accounts (email, username, password_hash)
      select u || '@example.com', u, ${await passwordHash} from unnest(${app.sql.array(usernames, "TEXT")}) as u
      returning id, username
    ),
    session as (insert into sessions (user_id) select id from account returning id, user_id)
    select a.id::float8 as id, s.id::float8 as "sessionId", a.username
    from account a join session s on s.user_id = a.id order by a.id`;
  const refreshTokens = rows.map(() => randomBytes(32).toString("base64url"));
  await addRefreshTokens(
    app,
    rows.map(({ sessionId }) => sessionId),
    refreshTokens,
  );
  return await Promise.all(
    rows.map(async ({ id, sessionId, username }, index) => {
      const { token } = await app.tokens.sign({ userId: id, sessionId, tokenVersion: 0 });
      const email = `${username}@example.com`;
      return new Person(url, { id, username, email, password: PASSWORD, token, refreshToken: refreshTokens[index]! });
    }),
  );
}

async function addRefreshTokens({ sql, clock, config }: TestServer["app"], sessionIds: number[], tokens: string[]) {
  const hashes = tokens.map((token) => createHash("sha256").update(token).digest("hex"));
  const expiresAt = new Date(clock.now() + config.refreshTokenTtlSeconds * 1000);
  await sql`
    insert into refresh_tokens (token_hash, session_id, expires_at)
    select decode(t.hash, 'hex'), t.session_id, ${expiresAt}::timestamptz
    from unnest(${sql.array(hashes, "TEXT")}, ${sql.array(sessionIds, "BIGINT")}) as t(hash, session_id)`;
}

/** Gives an account a role, as an operator would. */
export async function promote({ app }: TestServer, { id }: { id: number }, role: "moderator" | "admin"): Promise<void> {
  await app.sql`update accounts set role = ${role} where id = ${id}`;
  app.standings.forget(id);
}
