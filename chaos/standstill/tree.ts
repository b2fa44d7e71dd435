import { existsSync } from "node:fs";
import { mkdir, readdir, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** A version of the server, as a checkout on this machine. */
export type Tree = { name: string; root: string };

export const THIS_TREE = fileURLToPath(new URL("../../", import.meta.url));
const OWN_PACKAGES = "@reelay";

/** A folder as it is, or a commit of this repository, written into `scratch`. */
export async function openTree(folderOrRef: string, scratch: string): Promise<Tree> {
  if (existsSync(join(folderOrRef, "apps/server/src/main.ts"))) {
    const root = resolve(folderOrRef);
    return { name: await describe(root), root };
  }
  return { name: folderOrRef, root: await checkOut(folderOrRef, join(scratch, "checkout")) };
}

async function describe(root: string): Promise<string> {
  const { stdout } = await Bun.$`git -C ${root} describe --always --dirty`.quiet().nothrow();
  return stdout.toString().trim() || root;
}

/** From an archive of the commit: nothing is left in the repository, whatever happens to the run. */
async function checkOut(ref: string, root: string): Promise<string> {
  await mkdir(root, { recursive: true });
  const { exitCode, stderr } = await Bun.$`git -C ${THIS_TREE} archive ${ref} | tar -x -C ${root}`.quiet().nothrow();
  if (exitCode !== 0 || !existsSync(join(root, "package.json"))) {
    throw new Error(`${ref} is neither a checkout nor a commit of this repository.\n${stderr}`);
  }
  await linkModules(root);
  return root;
}

/** Packages of others are shared; those of this project are the checkout's own. */
export async function linkModules(root: string): Promise<void> {
  const installed = join(THIS_TREE, "node_modules");
  const linked = join(root, "node_modules");
  await mkdir(join(linked, OWN_PACKAGES), { recursive: true });
  const entries = (await readdir(installed)).filter((name) => name !== OWN_PACKAGES);
  await Promise.all(entries.map((name) => symlink(join(installed, name), join(linked, name))));
  for (const folder of ["packages", "apps"]) {
    for (const name of await readdir(join(root, folder))) {
      await symlink(join(root, folder, name), join(linked, OWN_PACKAGES, name));
    }
  }
}

/** Whether this version has the budgets whose defaults are to be shown. */
export async function knowsBudgets({ root }: Tree): Promise<boolean> {
  return (await Bun.file(join(root, "apps/server/src/config.ts")).text()).includes("RATE_SIGNUPS_PER_HOUR");
}
