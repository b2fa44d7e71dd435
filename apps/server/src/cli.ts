import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { Email, Password, Username } from "@reelay/contract";
import { ConfigError, readConfig } from "./config.ts";
import { type Context, openContext } from "./context.ts";
import { changeEpoch } from "./delivery/cursor.ts";
import { findAccounts } from "./features/accounts/accounts.ts";
import { createAdmin } from "./features/accounts/first-admin.ts";
import { banUser, unbanUser } from "./features/moderation/bans.ts";
import { reconcile } from "./features/reconcile/reconcile.ts";
import { ApiError } from "./http/errors.ts";
import { InstanceRunning } from "./platform/instance-lock.ts";
import { MigrationError } from "./platform/migrate.ts";
import { type Connection, openPostgres } from "./platform/postgres.ts";
import { chooseDataDir, connectionUrl, runningConnection } from "./platform/postgres-home.ts";

const USAGE = `reelay <command>

  serve                                            run the server (npm start)
  migrate                                          bring the database to the newest schema
  admin create --email E [--username U] [--password P]
                                                   make an admin; without a password one is made up and printed
  admin ban <user> [--reason R] [--until TIME]     ban an account; open sockets close within a second
  admin unban <user>                               lift a ban
  db url                                           print the URL of the running embedded database, for another node
  db restored                                      after a restore from a copy: clients' cursors are void; restart every node
  reconcile [--dry-run]                            count every counter again, report what is wrong, and put it right

<user> is an id, a username or an e-mail address. From npm: npm run reelay -- admin ban ann --reason spam
The commands work beside a running server, on its database.`;

/** A sentence for the operator instead of a stack trace. */
class Refusal extends Error {}

try {
  await run(process.argv.slice(2));
} catch (error) {
  const explained = [Refusal, ConfigError, ApiError, MigrationError];
  console.error(explained.some((kind) => error instanceof kind) ? (error as Error).message : error);
  process.exit(1);
}

async function run(args: string[]): Promise<void> {
  const { positionals, values } = readArguments(args);
  switch (positionals.slice(0, 2).join(" ")) {
    case "serve":
      await import("./main.ts");
      return;
    case "migrate":
      return await withContext(async () => console.log("The schema is up to date."));
    case "admin create":
      return await withContext((context) => makeAdmin(context, values));
    case "admin ban":
      return await withContext((context) => ban(context, positionals[2], values));
    case "admin unban":
      return await withContext((context) => unban(context, positionals[2]));
    case "db url":
      return await printUrl();
    case "db restored":
      return await withContext(restored);
    case "reconcile":
      return await withContext((context) => recount(context, !values["dry-run"]));
    default:
      console.log(USAGE);
      if (positionals.length > 0) throw new Refusal(`\nThere is no command "${positionals.join(" ")}".`);
  }
}

type Values = {
  email?: string;
  username?: string;
  password?: string;
  reason?: string;
  until?: string;
  "dry-run"?: boolean;
};

function readArguments(args: string[]): { positionals: string[]; values: Values } {
  const option = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const options = { email: option, username: option, password: option, reason: option, until: option, "dry-run": flag };
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n\n${USAGE}`);
  }
}

/** Opens the database as the server does; when the server is running, the one it runs. */
async function withContext(work: (context: Context) => Promise<void>): Promise<void> {
  const context = await open();
  try {
    await work(context);
  } finally {
    await context.close();
  }
}

async function open(): Promise<Context> {
  const config = readConfig({ LOG_LEVEL: "warn", ...process.env });
  try {
    return await openContext(config);
  } catch (error) {
    if (!(error instanceof InstanceRunning)) throw error;
    const dataDir = chooseDataDir(config.dataDir, process.cwd());
    return await openContext(config, { dataDir, connection: await runningConnection(dataDir) });
  }
}

async function makeAdmin({ app }: Context, { email, username, password }: Values): Promise<void> {
  const admin = {
    email: check(Email, "--email", email),
    ...(username !== undefined && { username: check(Username, "--username", username) }),
    password: password === undefined ? randomBytes(18).toString("base64url") : check(Password, "--password", password),
  };
  const made = await createAdmin(app, admin);
  console.log(`${made.username} (id ${made.id}) is an admin.`);
  if (password === undefined) console.log(`password: ${admin.password}   (shown once)`);
}

function check<T>(
  schema: { safeParse(value: unknown): { data?: T; error?: { issues: { message: string }[] } } },
  name: string,
  value: unknown,
): T {
  const { data, error } = schema.safeParse(value);
  if (error) throw new Refusal(`${name}: ${error.issues[0]!.message}`);
  return data as T;
}

async function ban({ app }: Context, user: string | undefined, { reason = "", until }: Values): Promise<void> {
  if (until !== undefined && Number.isNaN(Date.parse(until)))
    throw new Refusal("--until: a time, like 2030-01-31T12:00Z");
  const end = until === undefined ? null : new Date(until).toISOString();
  console.log((await banUser(app, null, await idOf(app, user), { reason, until: end })).message);
}

async function unban({ app }: Context, user: string | undefined): Promise<void> {
  console.log((await unbanUser(app, null, await idOf(app, user))).message);
}

async function printUrl(): Promise<void> {
  const { dataDir, databaseUrl } = readConfig({ LOG_LEVEL: "warn", ...process.env });
  if (databaseUrl) throw new Refusal("DATABASE_URL is set: the database is not an embedded one.");
  const folder = chooseDataDir(dataDir, process.cwd());
  const connection = await runningConnection(folder).catch(() => null);
  if (!connection || !(await answers(connection))) throw new Refusal(`No server is running its database in ${folder}.`);
  console.log(connectionUrl(connection));
}

async function answers(connection: Connection): Promise<boolean> {
  const sql = openPostgres(connection, 1);
  const isThere = await sql`select 1`.then(
    () => true,
    () => false,
  );
  await sql.close();
  return isThere;
}

async function restored({ app }: Context): Promise<void> {
  await changeEpoch(app.sql);
  console.log("Cursors that were given out before are void: clients load their screens again. Now restart every node.");
}

/** Drift that is only reported fails the command, for whoever watches it. */
async function recount({ app }: Context, repair: boolean): Promise<void> {
  const drifts = await reconcile(app, { repair });
  for (const { name, counters, by } of drifts) {
    console.log(`${name.padEnd(46)} ${counters === 0 ? "exact" : `${counters} wrong, by ${by} in sum`}`);
  }
  const wrong = drifts.reduce((sum, { counters }) => sum + counters, 0);
  if (wrong === 0) return console.log("Every counter is exact.");
  if (!repair) throw new Refusal(`${wrong} counters are wrong. Without --dry-run they are put right.`);
  console.log(`${wrong} counters were wrong and have been put right.`);
}

async function idOf(app: Context["app"], user: string | undefined): Promise<number> {
  if (!user) throw new Refusal("Name the account: an id, a username or an e-mail address.");
  const [id, ...others] = await findAccounts(app, user);
  if (id === undefined) throw new Refusal(`There is no account "${user}".`);
  if (others.length > 0) {
    throw new Refusal(`"${user}" is the id of one account and the username of another: name it by its e-mail address.`);
  }
  return id;
}
