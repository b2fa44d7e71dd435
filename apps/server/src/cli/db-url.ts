import { Command } from "commander";
import { type Connection, openPostgres } from "../platform/postgres.ts";
import { chooseDataDir, connectionUrl, runningConnection } from "../platform/postgres-home.ts";
import type { ConfigReader } from "./context.ts";
import { Refusal } from "./refusal.ts";

export function dbUrlCommand(readConfig: ConfigReader): Command {
  return new Command("url")
    .description("print the URL of the running embedded database, for another node")
    .action(() => printUrl(readConfig));
}

async function printUrl(readConfig: ConfigReader): Promise<void> {
  const { dataDir, databaseUrl } = readConfig();
  if (databaseUrl) throw new Refusal("DATABASE_URL is set: the database is not an embedded one.");
  const folder = chooseDataDir(dataDir, process.cwd());
  const connection = await runningConnection(folder).catch(() => null);
  if (!connection || !(await doesRespond(connection)))
    throw new Refusal(`No server is running its database in ${folder}.`);
  console.log(connectionUrl(connection));
}

async function doesRespond(connection: Connection): Promise<boolean> {
  const sql = openPostgres(connection, 1);
  const responds = await sql`select 1`.then(
    () => true,
    () => false,
  );
  await sql.close();
  return responds;
}
