import { Command } from "commander";
import { unbanUser } from "../features/moderation/bans.ts";
import { accountIdOf } from "./account.ts";
import { type ConfigReader, withContext } from "./context.ts";

export function adminUnbanCommand(readConfig: ConfigReader): Command {
  return new Command("unban")
    .description("lift a ban")
    .argument("<user>", "an id, a username or an e-mail address")
    .action((user: string) =>
      withContext(readConfig, async ({ app }) => {
        console.log((await unbanUser(app, null, await accountIdOf(app, user))).message);
      }),
    );
}
