import { Command, Help } from "commander";
import { adminBanCommand } from "./cli/admin-ban.ts";
import { adminCreateCommand } from "./cli/admin-create.ts";
import { adminUnbanCommand } from "./cli/admin-unban.ts";
import { dbRestoredCommand } from "./cli/db-restored.ts";
import { dbUrlCommand } from "./cli/db-url.ts";
import { doctorCommand } from "./cli/doctor.ts";
import { migrateCommand } from "./cli/migrate.ts";
import { reconcileCommand } from "./cli/reconcile.ts";
import { Refusal } from "./cli/refusal.ts";
import { seedCommand } from "./cli/seed.ts";
import { serveCommand } from "./cli/serve.ts";
import { ConfigError, readConfig } from "./config.ts";
import { ApiError } from "./platform/api-error.ts";
import { MigrationError } from "./platform/migrate.ts";

const MORE = `
<user> is an id, a username or an e-mail address. From npm: npm run reelay -- admin ban ann --reason spam
The commands work beside a running server, on its database. reelay <command> --help shows the options of one.`;

/** An operator's command prints what it was asked for, and of the log only what is worth a warning. */
const config = () => readConfig({ LOG_LEVEL: "warn", ...process.env });

const program = new Command("reelay")
  .configureHelp({ visibleCommands, subcommandTerm })
  .addHelpText("after", MORE)
  .addCommand(serveCommand())
  .addCommand(migrateCommand(config))
  .addCommand(
    new Command("admin")
      .description("accounts, without a moderator")
      .addCommand(adminCreateCommand(config))
      .addCommand(adminBanCommand(config))
      .addCommand(adminUnbanCommand(config)),
  )
  .addCommand(
    new Command("db")
      .description("the database")
      .addCommand(dbUrlCommand(config))
      .addCommand(dbRestoredCommand(config)),
  )
  .addCommand(reconcileCommand(config))
  .addCommand(doctorCommand(config))
  .addCommand(seedCommand(config));

try {
  if (process.argv.length === 2) program.outputHelp();
  else await program.parseAsync();
} catch (error) {
  const explained = [Refusal, ConfigError, ApiError, MigrationError];
  console.error(explained.some((kind) => error instanceof kind) ? (error as Error).message : error);
  process.exit(1);
}

/** The overview shows the commands of a group, not the group. */
function visibleCommands({ commands }: Command): Command[] {
  return commands.flatMap((each) => (each.commands.length > 0 ? each.commands : [each])) as Command[];
}

function subcommandTerm(command: Command): string {
  const group = command.parent && command.parent !== program ? `${command.parent.name()} ` : "";
  return group + new Help().subcommandTerm(command);
}
