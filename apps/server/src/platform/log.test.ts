import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLog } from "./log.ts";

async function written(isTerminal: boolean): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "reelay-log-"));
  const destination = join(folder, "log");
  const log = openLog("info", { isTerminal, destination });
  log.info({ requestId: "r1", method: "GET", path: "/videos", status: 200, ms: 1.5, token: "s3cret" }, "request");
  log.warn({ err: new Error("gone") }, "Redis is away");
  const text = await Bun.file(destination).text();
  await rm(folder, { recursive: true });
  return text;
}

test("in a terminal the log is lines to read, elsewhere JSON; tokens are in neither", async () => {
  const readable = await written(true);
  expect(readable.split("\n")[0]).toMatch(
    /^\[\d\d:\d\d:\d\d\] INFO: GET \/videos 200 1\.5 ms request \{"token":"\[cut\]"\}$/,
  );
  expect(readable).toMatch(/WARN: Redis is away[\s\S]*Error: gone/);
  const lines = (await written(false)).trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 30, requestId: "r1", method: "GET", path: "/videos", status: 200, token: "[cut]", msg: "request" },
    { level: 40, err: { message: "gone" }, msg: "Redis is away" },
  ]);
  expect(readable + lines).not.toContain("s3cret");
});
