import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { call, processesOf, ServerProcess, TestSocket, temporaryFolder, waitFor } from "@reelay/testkit";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

async function cli(dataDir: string, ...args: string[]): Promise<{ code: number; output: string }> {
  return await ServerProcess.spawn(dataDir, {}, ["cli.ts", ...args]).exited;
}

test("`db url` has nothing to say of a database that is not embedded", async () => {
  const folder = await temporaryFolder();
  const env = { DATABASE_URL: "postgres://elsewhere/reelay", JWT_SECRET: "x".repeat(32) };
  const { code, output } = await ServerProcess.spawn(folder.path, env, ["cli.ts", "db", "url"]).exited;
  expect([code, output]).toEqual([1, "DATABASE_URL is set: the database is not an embedded one.\n"]);
  await folder.remove();
});

test("npm run cluster says what it needs where there is no Redis", async () => {
  const folder = await temporaryFolder();
  const cluster = Bun.spawn([process.execPath, "--no-orphans", join(ROOT, "tools/cluster.ts")], {
    cwd: folder.path,
    env: { PATH: folder.path, DATA_DIR: folder.path, PORT: "0" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const output = await Promise.all([new Response(cluster.stdout).text(), new Response(cluster.stderr).text()]);
  expect(output).toEqual(["", "npm run cluster needs redis-server on the PATH. Install it first.\n"]);
  expect(await cluster.exited).toBe(1);
  expect(await readdir(folder.path)).toEqual([]);
  await folder.remove();
});

test("npm run cluster: two nodes that hear each other, and nothing is left when it is stopped", async () => {
  const folder = await temporaryFolder();
  const cluster = Bun.spawn([process.execPath, "--no-orphans", join(ROOT, "tools/cluster.ts")], {
    cwd: folder.path,
    env: { PATH: process.env.PATH, DATA_DIR: folder.path, PORT: "0", LOG_LEVEL: "warn", DRAIN_SECONDS: "0" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  let output = "";
  const reading = (async () => {
    for await (const chunk of cluster.stdout) output += new TextDecoder().decode(chunk);
  })();
  await waitFor(() => (output.includes("Two nodes:") ? true : undefined));
  const [, first, second] = output.match(/Two nodes: (\S+) and (\S+)\./) as unknown as [string, string, string];
  const people = [];
  for (const username of ["ann", "bob"]) {
    const body = { email: `${username}@example.com`, username, password: "correct horse" };
    await call(first, "POST", "/auth/register", { body });
    people.push((await call(second, "POST", "/auth/login", { body })).body);
  }
  const [ann, bob] = people;
  const socket = TestSocket.open(second, bob.accessToken);
  await socket.next("connected");
  const body = { receiverId: bob.user.id, content: "across" };
  expect((await call(first, "POST", "/messages/", { token: ann.accessToken, body })).status).toBe(201);
  expect((await socket.next("message:new")).data.content).toBe("across");
  // Nothing that would be worth a warning happened on the way here.
  expect(output).not.toMatch(/^node .*"level":/m);
  const { code, output: url } = await cli(folder.path, "db", "url");
  expect([code, url]).toEqual([0, expect.stringMatching(/^postgres:\/\/\S+\n$/)]);
  cluster.kill("SIGTERM");
  expect(await cluster.exited).toBe(0);
  await reading;
  expect(await processesOf(folder.path)).toEqual([]);
  expect(await cli(folder.path, "db", "url")).toEqual({
    code: 1,
    output: `No server is running its database in ${folder.path}.\n`,
  });
  await folder.remove();
});

test("after `db restored` every cursor given out before is of another epoch", async () => {
  const folder = await temporaryFolder();
  const account = { email: "ann@example.com", username: "ann", password: "correct horse" };
  const cursors: string[] = [];
  for (const round of [1, 2]) {
    const server = ServerProcess.spawn(folder.path);
    const url = await server.url();
    if (round === 1) await call(url, "POST", "/auth/register", { body: account });
    const { accessToken } = (await call(url, "POST", "/auth/login", { body: account })).body;
    const { headers } = await call(url, "GET", "/users/me", { token: accessToken });
    if (round === 2) {
      const { body } = await call(url, "GET", `/events?cursor=${cursors[0]}`, { token: accessToken });
      expect(body.reset.reason).toBe("epoch");
    }
    cursors.push(headers.get("x-event-cursor")!);
    server.kill("SIGTERM");
    await server.exited;
    const { code, output } = await cli(folder.path, "db", "restored");
    expect([code, output]).toEqual([0, expect.stringContaining("restart every node")]);
  }
  expect(cursors[0]).not.toBe(cursors[1]);
  await folder.remove();
});
