import type { TestServer } from "./server.ts";
import { TestSocket } from "./test-socket.ts";

export type Answer<T = any> = { status: number; body: T; headers: Headers };

/** Somebody with an app: calls the API and holds sockets, as the front end does. */
export class Person {
  readonly url: string;
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly password: string;
  token: string;
  refreshToken: string;
  readonly #sockets: TestSocket[] = [];

  constructor(
    url: string,
    account: Omit<Person, "url" | "get" | "post" | "put" | "delete" | "call" | "connect" | "resume" | "leave">,
  ) {
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
}

/** One request, parsed. `path` is below /api/v1 unless it begins with the root. */
export async function call<T = any>(
  url: string,
  method: string,
  path: string,
  { token, body, headers = {} }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer<T>> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined, headers: response.headers } as Answer<T>;
}

let counter = 0;

/** Registers and logs in, over HTTP. */
export async function signUp(server: Pick<TestServer, "url">, name = "person"): Promise<Person> {
  const username = `${name}${++counter}`;
  const email = `${username}@example.com`;
  const password = "correct horse";
  const registered = await call(server.url, "POST", "/auth/register", { body: { email, username, password } });
  if (registered.status !== 201) throw new Error(`register: ${registered.status} ${JSON.stringify(registered.body)}`);
  const { body } = await call(server.url, "POST", "/auth/login", { body: { email, password } });
  const { accessToken: token, refreshToken, user } = body;
  return new Person(server.url, { id: user.id, username, email, password, token, refreshToken });
}

/** Many accounts with a session each, made in the database: for crowds, where registering is not the matter. */
export async function crowd({ app, url }: TestServer, size: number, name = "crowd"): Promise<Person[]> {
  const rows: { id: number; sessionId: number; username: string }[] = await app.sql`
    with made as (
      insert into accounts (email, username)
      select u || '@example.com', u from (select ${name} || n as u from generate_series(1, ${size}) n) names
      returning id, username
    ),
    session as (insert into sessions (user_id) select id from made returning id, user_id)
    select m.id::float8 as id, s.id::float8 as "sessionId", m.username from made m join session s on s.user_id = m.id`;
  return await Promise.all(
    rows.map(async ({ id, sessionId, username }) => {
      const { token } = await app.tokens.sign({ userId: id, sessionId, tokenVersion: 0 });
      return new Person(url, { id, username, email: `${username}@example.com`, password: "", token, refreshToken: "" });
    }),
  );
}

/** Gives an account a role, as an operator would. */
export async function promote({ app }: TestServer, { id }: { id: number }, role: "moderator" | "admin"): Promise<void> {
  await app.sql`update accounts set role = ${role} where id = ${id}`;
  app.standings.forget(id);
}
