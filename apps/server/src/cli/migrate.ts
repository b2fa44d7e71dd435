import { Command } from "commander";
import { type ConfigReader, withContext } from "./context.ts";

export function migrateCommand(readConfig: ConfigReader): Command {
  return new Command("migrate").description("bring the database to the newest schema").action(async () => {
    // Opening the database migrates it.
    await withContext(readConfig, async () => console.log("The schema is up to date."));
  });
}
