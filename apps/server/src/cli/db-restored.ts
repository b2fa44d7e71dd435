import { Command } from "commander";
import { changeEpoch } from "../delivery/cursor.ts";
import { type ConfigReader, withContext } from "./context.ts";

export function dbRestoredCommand(readConfig: ConfigReader): Command {
  return new Command("restored")
    .description("after a restore from a copy: clients' cursors are void; restart every node")
    .action(() =>
      withContext(readConfig, async ({ app }) => {
        await changeEpoch(app.sql);
        console.log(
          "Cursors that were given out before are void: clients load their screens again. Now restart every node.",
        );
      }),
    );
}
