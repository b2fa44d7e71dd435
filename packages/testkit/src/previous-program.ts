import { mkdir, mkdtemp, readdir, readlink, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const SERVER = "apps/server";
const SCHEMA = ["migrations", "sql", "schema.json"].map((name) => `${SERVER}/${name}`);
/** Older programs have another schema, from which nothing leads to this one. */
const FIRST = `${SERVER}/migrations/0001_schema.sql`;

export type PreviousProgram = { commit: string; root: string; remove(): Promise<void> };

/** The program of the schema before this one, in a folder of its own. It runs with the packages of this tree. */
export async function unpackPreviousProgram(): Promise<PreviousProgram> {
  const commit = await findPreviousCommit(ROOT);
  const root = await mkdtemp(join(tmpdir(), "reelay-previous-"));
  const archive = await git(ROOT, "archive", "--format=tar", commit);
  const tar = Bun.spawnSync(["tar", "-x", "-C", root], { stdin: archive });
  if (!tar.success) throw new Error(`tar: ${tar.stderr}`);
  await linkPackages(root);
  return { commit, root, remove: () => rm(root, { recursive: true, force: true }) };
}

/**
 * The newest commit whose schema is another one than that of the tree; where there is none, the one that began it. The
 * history of a shallow clone is fetched.
 * @throws Error when there is no history.
 */
export async function findPreviousCommit(root: string): Promise<string> {
  const isShallow = (await git(root, "rev-parse", "--is-shallow-repository")).toString().trim() === "true";
  if (isShallow) await git(root, "fetch", "--quiet", "--unshallow");
  const isChanged = (await git(root, "status", "--porcelain", "--", ...SCHEMA)).length > 0;
  if (isChanged) return await revision(root, "HEAD");
  const newest = (await git(root, "log", "-1", "--format=%H", "--", ...SCHEMA)).toString().trim();
  const isLater = await git(root, "cat-file", "-e", `${newest}^:${FIRST}`).then(
    () => true,
    () => false,
  );
  return await revision(root, isLater ? `${newest}^` : newest);
}

async function revision(root: string, name: string): Promise<string> {
  return (await git(root, "rev-parse", "--verify", `${name}^{commit}`)).toString().trim();
}

async function git(root: string, ...args: string[]): Promise<Buffer> {
  // A hook of git names its own repository to what it runs.
  const { GIT_DIR: _dir, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, ...env } = process.env;
  const command = ["git", "-c", "safe.directory=*", "-C", root, ...args];
  const { success, stdout, stderr } = Bun.spawnSync(command, { env, stdin: "ignore" });
  if (success) return stdout;
  throw new Error(
    `The previous program is taken from the history of the repository, and git ${args[0]} failed: ${stderr}`,
  );
}

/** The packages of the workspace are the earlier ones, all others those that are installed here. */
async function linkPackages(root: string): Promise<void> {
  const [from, to] = [join(ROOT, "node_modules"), join(root, "node_modules")];
  await mkdir(join(to, "@reelay"), { recursive: true });
  for (const name of await readdir(from)) {
    if (name !== "@reelay") await symlink(join(from, name), join(to, name));
  }
  for (const name of await readdir(join(from, "@reelay"))) {
    await symlink(await readlink(join(from, "@reelay", name)), join(to, "@reelay", name));
  }
}
