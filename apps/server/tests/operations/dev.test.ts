import { afterEach, beforeEach, expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { call, processesOf, ServerProcess, temporaryFolder, waitFor } from "@reelay/testkit";
import { startEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";

const ANN = { email: "ann@example.com", username: "ann", password: "correct horse" };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
/** Watched by the servers of these tests: a save there must not start others that run on the source. */
let watched: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  [folder, watched] = await Promise.all([temporaryFolder(), temporaryFolder()]);
});

afterEach(() => Promise.all([folder.remove(), watched.remove()]));

const save = (name: string) => Bun.write(join(watched.path, name), "export {};\n");

const addressesOf = (dev: ServerProcess) => [...dev.output().matchAll(/is up on (\S+)/g)].map(([, url]) => url!);

const postmasterOf = async (dataDir: string) =>
  (await readFile(join(dataDir, "postgres-18", "postmaster.pid"), "utf8")).split("\n")[0];

async function expectGone(url: string): Promise<void> {
  await waitFor(() =>
    fetch(`${url}/healthz`).then(
      () => undefined,
      () => true,
    ),
  );
}

test("npm run dev: a saved file starts the server again on the same database; Ctrl-C leaves no process", async () => {
  const dev = ServerProcess.dev(folder.path, {}, [watched.path]);
  const first = await dev.url();
  expect(dev.output()).toMatch(/First admin: \S+ {2}password: \S+/);
  expect((await call(first, "POST", "/auth/register", { body: ANN })).status).toBe(201);
  const { accessToken: token } = (await call(first, "POST", "/auth/login", { body: ANN })).body;
  const postmaster = await postmasterOf(folder.path);
  await save("a.ts");
  const second = await waitFor(() => addressesOf(dev)[1]);
  await expectGone(first);
  expect((await call(second, "GET", "/users/me", { token })).body.username).toBe("ann");
  expect(await postmasterOf(folder.path)).toBe(postmaster);
  const command = await ServerProcess.spawn(folder.path, {}, ["cli.ts", "admin", "ban", "ann"]).exited;
  expect(command).toMatchObject({ code: 0, output: "The account is banned.\n" });
  dev.kill("SIGINT");
  dev.kill("SIGINT");
  expect((await dev.exited).code).toBe(0);
  await expectGone(second);
  expect(await processesOf(folder.path)).toEqual([]);
});

test("a server that ends by itself starts again when a file is saved; killed, it leaves no process either", async () => {
  const other = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const dev = ServerProcess.dev(folder.path, { PORT: String(other.port) }, [watched.path]);
  await waitFor(() => (dev.output().includes("starts again when a file is saved") ? true : undefined));
  expect(dev.output()).toContain(`Port ${other.port} on 127.0.0.1 is taken`);
  expect(addressesOf(dev)).toEqual([]);
  const postmaster = await postmasterOf(folder.path);
  await other.stop(true);
  await save("a.ts");
  const url = await dev.url();
  expect(await postmasterOf(folder.path)).toBe(postmaster);
  dev.kill("SIGKILL");
  await dev.exited;
  await expectGone(url);
  await waitFor(async () => ((await processesOf(folder.path)).length === 0 ? true : undefined));
});

test("with DATABASE_URL it starts no database; a folder that is served already is refused", async () => {
  const postgres = await startEmbeddedPostgres({ dataDir: folder.path, log: () => {} });
  const own = await temporaryFolder();
  const env = { DATABASE_URL: postgres.url, JWT_SECRET: "x".repeat(32) };
  const dev = ServerProcess.dev(own.path, env, [watched.path]);
  await dev.url();
  expect(await processesOf(own.path)).toEqual([]);
  expect((await ServerProcess.dev(own.path, { DATABASE_URL: "nonsense" }).exited).output).toContain("DATABASE_URL");
  await save("a.ts");
  const second = await waitFor(() => addressesOf(dev)[1]);
  expect((await call(second, "POST", "/auth/register", { body: ANN })).status).toBe(201);
  dev.kill("SIGTERM");
  expect((await dev.exited).code).toBe(0);
  await postgres.stop();
  const server = ServerProcess.spawn(own.path);
  await server.url();
  expect(await ServerProcess.dev(own.path).exited).toMatchObject({
    code: 1,
    output: expect.stringMatching(new RegExp(`^Reelay is already running on ${own.path} \\(pid ${server.pid}\\).*\n$`)),
  });
  server.kill("SIGTERM");
  await server.exited;
  await own.remove();
});
