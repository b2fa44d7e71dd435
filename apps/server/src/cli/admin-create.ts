import { randomBytes } from "node:crypto";
import { Email, Password, Username } from "@reelay/contract";
import { Command } from "commander";
import { createAdmin } from "../features/accounts/first-admin.ts";
import { type ConfigReader, withContext } from "./context.ts";
import { Refusal } from "./refusal.ts";

type Options = { email: string; username?: string; password?: string };

export function adminCreateCommand(readConfig: ConfigReader): Command {
  return new Command("create")
    .description("create an admin; without a password one is chosen and printed")
    .requiredOption("--email <address>", "of the new account")
    .option("--username <name>", "if absent, the beginning of the address")
    .option("--password <password>", "8 characters or more")
    .action((options: Options) => create(readConfig, options));
}

async function create(readConfig: ConfigReader, { email, username, password }: Options): Promise<void> {
  const admin = {
    email: check(Email, "--email", email),
    ...(username !== undefined && { username: check(Username, "--username", username) }),
    password: password === undefined ? randomBytes(18).toString("base64url") : check(Password, "--password", password),
  };
  await withContext(readConfig, async ({ app }) => {
    const created = await createAdmin(app, admin);
    console.log(`${created.username} (id ${created.id}) is an admin.`);
    if (password === undefined) console.log(`password: ${admin.password}   (shown once)`);
  });
}

function check<T>(
  schema: { safeParse(value: unknown): { data?: T; error?: { issues: { message: string }[] } } },
  name: string,
  value: string,
): T {
  const { data, error } = schema.safeParse(value);
  if (error) throw new Refusal(`${name}: ${error.issues[0]!.message}`);
  return data as T;
}
