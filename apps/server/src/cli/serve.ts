import { Command } from "commander";

export function serveCommand(): Command {
  return new Command("serve").description("run the server (npm start)").action(async () => {
    await import("../main.ts");
  });
}
