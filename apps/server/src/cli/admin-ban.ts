import { Command } from "commander";
import { banUser } from "../features/moderation/bans.ts";
import { accountIdOf } from "./account.ts";
import { type ConfigReader, withContext } from "./context.ts";
import { Refusal } from "./refusal.ts";

type Options = { reason: string; until?: string };

export function adminBanCommand(readConfig: ConfigReader): Command {
  return new Command("ban")
    .description("ban an account; its open sockets close within a second")
    .argument("<user>", "an id, a username or an e-mail address")
    .option("--reason <text>", "shown to the user", "")
    .option("--until <time>", "when the ban ends, like 2030-01-31T12:00Z; if absent, never")
    .action((user: string, options: Options) => ban(readConfig, user, options));
}

async function ban(readConfig: ConfigReader, user: string, { reason, until }: Options): Promise<void> {
  if (until !== undefined && Number.isNaN(Date.parse(until)))
    throw new Refusal("--until: a time, like 2030-01-31T12:00Z");
  const end = until === undefined ? null : new Date(until).toISOString();
  await withContext(readConfig, async ({ app }) => {
    console.log((await banUser(app, null, await accountIdOf(app, user), { reason, until: end })).message);
  });
}
