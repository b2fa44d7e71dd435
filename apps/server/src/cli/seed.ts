import { randomBytes } from "node:crypto";
import { Password } from "@reelay/contract";
import { Command, InvalidArgumentError } from "commander";
import type { Context } from "../compose.ts";
import { ensureFirstAdmin } from "../features/accounts/first-admin.ts";
import { hashPassword } from "../features/accounts/passwords.ts";
import type { Sql } from "../platform/postgres.ts";
import { type ConfigReader, withContext } from "./context.ts";
import { Refusal } from "./refusal.ts";
import type { Account } from "./seed/people.ts";
import { BANNED, MIN_PEOPLE, MODERATOR, planWorld, type Sizes } from "./seed/plan.ts";
import { populate } from "./seed/populate.ts";

type Options = Sizes & { seed: number; password?: string; force?: boolean };

/** So many of the accounts to log in as are printed. */
const MAX_NAMED = 5;

export function seedCommand(readConfig: ConfigReader): Command {
  return new Command("seed")
    .description("fill a development database: people, videos, messages, likes, comments, reports, a ban")
    .option("--seed <number>", "the same number makes the same world", whole(0, 2 ** 32 - 1), 1)
    .option("--people <count>", "accounts, one a moderator, one banned", whole(MIN_PEOPLE, 100_000), 30)
    .option("--videos <count>", "playable samples", whole(0, 100_000), 40)
    .option("--likes <count>", "at most", whole(0, 1_000_000), 400)
    .option("--comments <count>", "a quarter of them replies", whole(0, 1_000_000), 150)
    .option("--messages <count>", "half of the people have read theirs", whole(0, 1_000_000), 400)
    .option("--reports <count>", "two of three decided", whole(0, 10_000), 12)
    .option("--days <count>", "over how many days it happened, today included", whole(1, 7), 7)
    .option("--password <password>", "of everybody; if absent, one is chosen and printed")
    .option("--force", "also where accounts are already, besides the first admin")
    .action((options: Options) => withContext(readConfig, (context) => seed(context, options)));
}

async function seed({ app, embedded }: Context, { seed, password, force = false, ...sizes }: Options): Promise<void> {
  if (!force) await refuseUsedDatabase(app.sql);
  const chosen = password ?? randomBytes(9).toString("base64url");
  if (!Password.safeParse(chosen).success) throw new Refusal("--password: 8 characters or more");
  const admin = await ensureFirstAdmin(app, embedded !== undefined);
  const plan = planWorld(seed, sizes);
  const accounts = await populate(app, plan, sizes.days, await hashPassword(chosen));
  const { people, videos, follows, likes, comments, messages, reports } = plan;
  const facts = { people, videos, follows, likes, comments, messages, reports };
  console.log(
    `Seeded (--seed ${seed}): ${Object.entries(facts)
      .map(([name, { length }]) => `${length} ${name}`)
      .join(", ")}.`,
  );
  if (admin) console.log(`  admin      ${admin.email}  password: ${admin.password}   (shown once)`);
  console.log(credentialsOf(accounts).join("\n"));
  console.log(`The password of everybody but the admin is "${chosen}".`);
}

/** A moderator with a known password does not belong among real accounts. */
async function refuseUsedDatabase(sql: Sql): Promise<void> {
  const [row] =
    await sql`select count(*)::int as count, (count(*) filter (where role = 'admin'))::int as admins from accounts`;
  if (row.count === 0 || (row.count === 1 && row.admins === 1)) return;
  throw new Refusal(
    `There are ${row.count} accounts in this database: seed is for an empty one. With --force it adds to what is there.`,
  );
}

function credentialsOf(accounts: readonly Account[]): string[] {
  const line = (role: string, { username, email }: Account) => `  ${role.padEnd(10)} ${username.padEnd(20)} ${email}`;
  const others = accounts.slice(Math.max(MODERATOR, BANNED) + 1);
  const rest = others.length > MAX_NAMED ? [`  and ${others.length - MAX_NAMED} more`] : [];
  return [
    line("moderator", accounts[MODERATOR]!),
    line("banned", accounts[BANNED]!),
    ...others.slice(0, MAX_NAMED).map((account) => line("user", account)),
    ...rest,
  ];
}

function whole(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It is a whole number from ${min} to ${max}.`);
  };
}
