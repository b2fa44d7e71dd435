import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, open, rename, rm, writeFile } from "node:fs/promises";
import { type PostgresHome, spawnBinary, superuser } from "./postgres-home.ts";

/** Postgres' user may be one that others run as, like `nobody`: being that user opens nothing, only the password does. */
const loginRules = `local all all scram-sha-256
local replication all scram-sha-256
`;

/**
 * Writes who may log in, and creates the password of the cluster's only role where there is none. Nothing may run on the
 * cluster meanwhile.
 *
 * @returns Postgres' own words when the password could not be set.
 */
export async function prepareLogin(home: PostgresHome): Promise<string | undefined> {
  await rm(home.loginRulesFile, { force: true });
  await writeFile(home.loginRulesFile, loginRules, { flag: "wx" });
  await chmod(home.loginRulesFile, 0o644);
  return existsSync(home.passwordFile) ? undefined : await makePassword(home);
}

/** The file gets its name once the password counts: killed in between, the next start creates another one. */
async function makePassword(home: PostgresHome): Promise<string | undefined> {
  const password = randomBytes(32).toString("hex");
  const unfinished = `${home.passwordFile}.tmp`;
  await rm(unfinished, { force: true });
  const file = await open(unfinished, "wx", 0o600);
  await file.writeFile(password);
  await file.sync();
  await file.close();
  const failure = await setPassword(home, password);
  if (failure === undefined) await rename(unfinished, home.passwordFile);
  return failure;
}

/** In single-user mode, which asks for no login and opens no socket. */
async function setPassword(home: PostgresHome, password: string): Promise<string | undefined> {
  // Postgres repeats a statement that fails, and this one must not stand in any log.
  const settings = ["-c", "log_min_error_statement=panic", "-c", "password_encryption=scram-sha-256"];
  const statement = new Blob([`alter role ${superuser} password '${password}'\n`]);
  const args = ["--single", "-D", home.cluster, ...settings, "postgres"];
  const single = spawnBinary(home, "postgres", args, "pipe", statement);
  const [, words = ""] = await Promise.all([single.stdout, single.stderr].map((stream) => new Response(stream).text()));
  const hasFailed = (await single.exited) !== 0 || /\b(ERROR|FATAL|PANIC):/.test(words);
  return hasFailed ? words : undefined;
}
