import { expect, test } from "bun:test";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { call } from "./support/person.ts";
import { processesOf, ServerProcess, temporaryFolder, waitFor } from "./support/process.ts";
import { TestSocket } from "./support/test-socket.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

async function cli(dataDir: string, ...args: string[]): Promise<{ code: number; output: string }> {
  return await ServerProcess.spawn(dataDir, {}, ["cli.ts", ...args]).exited;
}

test("npm run cluster: two nodes that hear each other, and nothing is left when it is stopped", async () => {
  const folder = await temporaryFolder();
  const cluster = Bun.spawn([process.execPath, "--no-orphans", join(ROOT, "scripts/cluster.ts")], {
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
