import { expect, test } from "bun:test";
import { call, crowd, ServerProcess, startTestServer, TestSocket, temporaryFolder, waitFor } from "@reelay/testkit";

test("a server that stops sends its clients away one after another, each resumable one with its own delay and place", async () => {
  const server = await startTestServer({ env: { DRAIN_SECONDS: "2" } });
  const [ann, ...others] = await crowd(server, 20);
  const resumable = await Promise.all(others.map((person) => person.resume()));
  const plain = await ann.connect();
  const { cursor } = resumable[0]!.of("sync:synced")[0]!.data;
  const stopped = server.stop();
  await resumable[0]!.next("sync:reconnect");
  // New ones are refused, the others still hear what happens.
  expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
  expect((await call(server.url, "GET", "/ws", { token: ann.token })).body.error.code).toBe("UNAVAILABLE");
  const refused = TestSocket.open(server.url, ann.token);
  expect((await refused.closed).code).toBe(1006);
  const last = resumable.at(-1)!;
  await ann.post("/messages/", { receiverId: others.at(-1)!.id, content: "while it stops" });
  expect((await last.next("message:new")).data.content).toBe("while it stops");
  const closes = await Promise.all([plain, ...resumable].map((socket) => socket.closed));
  expect(closes.every(({ code, reason }) => code === 1012 && reason === "Server restarting")).toBe(true);
  await stopped;
  const told = resumable.map((socket) => socket.of("sync:reconnect").map((frame) => frame.data));
  expect(told.every((each) => each.length === 1)).toBe(true);
  const delays = told.map(([data]) => data.afterMs);
  expect(new Set(delays).size).toBeGreaterThan(10);
  expect(Math.max(...delays)).toBeLessThan(2000);
  expect(told[0]![0].cursor).toBe(cursor);
  expect(plain.of("sync:reconnect")).toEqual([]);
});

test("SIGTERM drains and exits 0; a second one exits at once", async () => {
  for (const [signals, code] of [
    [1, 0],
    [2, 1],
  ] as const) {
    const folder = await temporaryFolder();
    const server = ServerProcess.spawn(folder.path, { DRAIN_SECONDS: signals === 1 ? "1" : "600" });
    const url = await server.url();
    const account = { email: "ann@example.com", username: "ann", password: "correct horse" };
    await call(url, "POST", "/auth/register", { body: account });
    const { body } = await call(url, "POST", "/auth/login", { body: account });
    const socket = TestSocket.open(url, body.accessToken, "&cursor=");
    const other = TestSocket.open(url, body.accessToken, "&cursor=");
    await Promise.all([socket.next("sync:synced"), other.next("sync:synced")]);
    server.kill("SIGTERM");
    await Promise.all([socket.next("sync:reconnect"), other.next("sync:reconnect")]);
    if (signals === 2) {
      // Signals within a second are taken for the same keystroke; the first one after it ends the server.
      let hasExited = false;
      void server.exited.then(() => {
        hasExited = true;
      });
      await waitFor(() => {
        if (!hasExited) server.kill("SIGTERM");
        return hasExited || undefined;
      });
    }
    expect((await server.exited).code).toBe(code);
    await folder.remove();
  }
});
