import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPreviousCommit } from "./previous-program.ts";

let folder: string;
let origin: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reelay-history-"));
  origin = join(folder, "origin");
  await mkdir(origin);
  git(origin, "init", "--quiet", "--initial-branch=main");
  await commit({ "readme.md": "before", "apps/server/migrations/0001_accounts.sql": "select 0" });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function git(root: string, ...args: string[]): string {
  const identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"];
  const { success, stdout, stderr } = Bun.spawnSync(["git", ...identity, "-C", root, ...args]);
  if (!success) throw new Error(stderr.toString());
  return stdout.toString().trim();
}

async function write(root: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) await Bun.write(join(root, path), text);
}

async function commit(files: Record<string, string>): Promise<string> {
  await write(origin, files);
  git(origin, "add", "--all");
  git(origin, "commit", "--quiet", "--message", "a change");
  return git(origin, "rev-parse", "HEAD");
}

const SQUASHED = { "apps/server/migrations/0001_schema.sql": "select 1", "apps/server/sql/a.sql": "select 1" };

test("the commit that began the schema stands for itself until a later one changes it", async () => {
  const first = await commit(SQUASHED);
  expect(await findPreviousCommit(origin)).toBe(first);
  const second = await commit({ "readme.md": "now" });
  expect(await findPreviousCommit(origin)).toBe(first);
  await commit({ "apps/server/sql/a.sql": "select 2" });
  expect(await findPreviousCommit(origin)).toBe(second);
  const fourth = await commit({ "readme.md": "later" });
  expect(await findPreviousCommit(origin)).toBe(second);
  await commit({ "apps/server/schema.json": "{}" });
  expect(await findPreviousCommit(origin)).toBe(fourth);
});

test("a change that is not committed yet has the last commit before it", async () => {
  await commit(SQUASHED);
  const head = await commit({ "apps/server/sql/a.sql": "select 2" });
  await write(origin, { "apps/server/sql/b.sql": "select 3" });
  expect(await findPreviousCommit(origin)).toBe(head);
});

test("a shallow clone fetches what it needs, or says that it cannot", async () => {
  await commit(SQUASHED);
  const before = await commit({ "readme.md": "now" });
  await commit({ "apps/server/sql/a.sql": "select 2" });
  const clone = join(folder, "clone");
  git(folder, "clone", "--quiet", "--depth", "1", `file://${origin}`, clone);
  git(clone, "remote", "set-url", "origin", join(folder, "nowhere"));
  await expect(findPreviousCommit(clone)).rejects.toThrow("git fetch failed");
  git(clone, "remote", "set-url", "origin", `file://${origin}`);
  expect(await findPreviousCommit(clone)).toBe(before);
});

test("without a repository it says what it is for", async () => {
  await expect(findPreviousCommit(tmpdir())).rejects.toThrow(
    "The previous program is taken from the history of the repository",
  );
});
