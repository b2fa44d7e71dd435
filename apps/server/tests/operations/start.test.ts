import { afterEach, beforeEach, expect, test } from "bun:test";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { call, processesOf, ServerProcess, TestSocket, temporaryFolder, waitFor } from "@reelay/testkit";
import { startEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";
import { openPostgres } from "../../src/platform/postgres.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder.remove());

async function allGone(): Promise<true> {
  return await waitFor(async () => ((await processesOf(folder.path)).length === 0 ? true : undefined));
}

test("a first start makes a database, a secret and an admin, and says where it is", async () => {
  const server = ServerProcess.spawn(folder.path);
  const url = await server.url();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const [, email, password] = (await waitFor(
    () => server.output().match(/admin\s+(\S+)\s+password: (\S+)/) ?? undefined,
  ))!;
  const login = await call(url, "POST", "/auth/login", { body: { email, password } });
  expect(login.body.user.role).toBe("admin");
  expect((await stat(join(folder.path, "jwt-secret"))).mode & 0o777).toBe(0o600);
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: "ok" });
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: "ready" });
  server.kill("SIGINT");
  expect((await server.exited).code).toBe(0);
  await allGone();
});

test("one Ctrl-C, which npm passes on a second time, stops in order", async () => {
  const server = ServerProcess.spawn(folder.path);
  const url = await server.url();
  const account = { email: "ann@example.com", username: "ann", password: "correct horse" };
  await call(url, "POST", "/auth/register", { body: account });
  const { body } = await call(url, "POST", "/auth/login", { body: account });
  const socket = TestSocket.open(url, body.accessToken);
  await socket.next("connected");
  server.kill("SIGINT");
  server.kill("SIGINT");
  expect((await socket.closed).code).toBe(1012);
  expect((await server.exited).code).toBe(0);
  await allGone();
});

test("the next start keeps everything and prints no password again", async () => {
  const first = ServerProcess.spawn(folder.path, { ADMIN_EMAIL: "boss@example.com", ADMIN_PASSWORD: "long enough" });
  const login = { body: { email: "boss@example.com", password: "long enough" } };
  const { body } = await call(await first.url(), "POST", "/auth/login", login);
  expect(first.output()).not.toContain("long enough");
  first.kill("SIGTERM");
  expect((await first.exited).code).toBe(0);
  const second = ServerProcess.spawn(folder.path);
  expect((await call(await second.url(), "GET", "/users/me", { token: body.accessToken })).body.role).toBe("admin");
  expect(second.output()).not.toContain("password");
  second.kill("SIGTERM");
  await second.exited;
});

test("a second start on the same folder is refused with a sentence that names the first", async () => {
  const first = ServerProcess.spawn(folder.path);
  const url = await first.url();
  const { code, output } = await ServerProcess.spawn(folder.path).exited;
  expect(code).toBe(1);
  expect(output.trim().split("\n")).toHaveLength(1);
  expect(output).toContain(`already running`);
  expect(output).toContain(String(first.pid));
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  first.kill("SIGTERM");
  await first.exited;
  await allGone();
});

test("every problem of the environment is named at once, and nothing is started", async () => {
  const env = { PORT: "http", ACCESS_TOKEN_TTL: "soon", DATABASE_URL: "postgres://nowhere/x", ADMIN_EMAIL: "a@b.co" };
  const { code, output } = await ServerProcess.spawn(folder.path, env).exited;
  expect(code).toBe(1);
  for (const name of ["PORT", "ACCESS_TOKEN_TTL", "JWT_SECRET", "ADMIN_PASSWORD"]) expect(output).toContain(name);
  expect(output).not.toContain("at ");
  expect(await processesOf(folder.path)).toEqual([]);
});

test("with DATABASE_URL it uses that server and starts none of its own", async () => {
  const postgres = await startEmbeddedPostgres({ dataDir: folder.path, log: () => {} });
  const own = await temporaryFolder();
  const env = { DATABASE_URL: postgres.url, JWT_SECRET: "x".repeat(32) };
  const server = ServerProcess.spawn(own.path, env);
  const url = await server.url();
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(await processesOf(own.path)).toEqual([]);
  expect(server.output()).not.toContain("password");
  const account = { email: "ann@example.com", username: "ann", password: "correct horse" };
  expect((await call(url, "POST", "/auth/register", { body: account })).status).toBe(201);
  server.kill("SIGTERM");
  expect((await server.exited).code).toBe(0);
  await postgres.stop();
  await own.remove();
});

test("a port that is taken is a sentence, and the database does not stay behind", async () => {
  const other = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const { code, output } = await ServerProcess.spawn(folder.path, { PORT: String(other.port) }).exited;
  expect(code).toBe(1);
  expect(output).toContain(`Port ${other.port}`);
  await allGone();
  await other.stop();
});

test("the command line bans beside a running server, and the socket closes", async () => {
  const server = ServerProcess.spawn(folder.path);
  const url = await server.url();
  const account = { email: "eve@example.com", username: "eve", password: "correct horse" };
  await call(url, "POST", "/auth/register", { body: account });
  const { body } = await call(url, "POST", "/auth/login", { body: account });
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/ws?token=${body.accessToken}`);
  const frames: { type: string; data?: object }[] = [];
  socket.onmessage = ({ data }) => frames.push(JSON.parse(data));
  const closed = new Promise<number>((resolve) => {
    socket.onclose = ({ code }) => resolve(code);
  });
  await waitFor(() => frames.find((frame) => frame.type === "connected"));
  const ban = await ServerProcess.spawn(folder.path, {}, ["cli.ts", "admin", "ban", "eve", "--reason", "spam"]).exited;
  expect(ban).toMatchObject({ code: 0, output: expect.stringContaining("banned") });
  expect(await closed).toBe(4003);
  expect(frames.at(-1)).toMatchObject({ type: "admin:user_banned", data: { userId: body.user.id, reason: "spam" } });
  expect((await call(url, "GET", "/users/me", { token: body.accessToken })).body.error.code).toBe("ACCOUNT_BANNED");
  const unban = await ServerProcess.spawn(folder.path, {}, ["cli.ts", "admin", "unban", "eve@example.com"]).exited;
  expect(unban.code).toBe(0);
  const relogin = await waitFor(async () => {
    const { status } = await call(url, "POST", "/auth/login", { body: account });
    return status === 200 ? status : undefined;
  });
  expect(relogin).toBe(200);
  const nobody = await ServerProcess.spawn(folder.path, {}, ["cli.ts", "admin", "ban", "nobody-here"]).exited;
  expect(nobody).toMatchObject({ code: 1, output: expect.stringContaining("There is no account") });
  server.kill("SIGTERM");
  await server.exited;
});

test("the command line makes an admin on a folder nobody serves, and leaves no process", async () => {
  const args = ["cli.ts", "admin", "create", "--email", "chief@example.com", "--password", "correct horse"];
  expect((await ServerProcess.spawn(folder.path, {}, args).exited).code).toBe(0);
  const again = await ServerProcess.spawn(folder.path, {}, args).exited;
  expect(again.code).toBe(1);
  expect(again.output).toContain("already registered");
  await allGone();
});

test("db url prints an address that opens the running database; the same without its password does not", async () => {
  const server = ServerProcess.spawn(folder.path);
  await server.url();
  const printed = await ServerProcess.spawn(folder.path, {}, ["cli.ts", "db", "url"]).exited;
  const url = printed.output.trim();
  expect(url).toMatch(/^postgres:\/\/reelay:[0-9a-f]{64}@localhost\/reelay\?host=\S+$/);
  const open = openPostgres({ url }, 1);
  expect(await open`select count(*) > 0 as "isMigrated" from accounts`).toEqual([{ isMigrated: true }]);
  await open.close();
  const closed = openPostgres({ url: url.replace(/:[0-9a-f]{64}@/, "@") }, 1);
  await expect(Promise.resolve(closed`select 1`)).rejects.toThrow();
  await closed.close();
  expect(server.output()).not.toContain(new URL(url).password);
  server.kill("SIGTERM");
  expect((await server.exited).code).toBe(0);
  expect((await ServerProcess.spawn(folder.path, {}, ["cli.ts", "db", "url"]).exited).code).toBe(1);
});
