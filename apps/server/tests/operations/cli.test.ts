import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { ServerProcess, temporaryFolder } from "@reelay/testkit";

/* What the command line says by itself. Nothing here may begin to make a database. */

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(async () => {
  expect(await readdir(folder.path)).toEqual([]);
  await folder.remove();
});

const cli = (...args: string[]) => ServerProcess.spawn(folder.path, {}, ["cli.ts", ...args]).exited;

const COMMANDS = [
  ...["serve", "migrate", "admin create", "admin ban", "admin unban", "db url", "db restored"],
  ...["reconcile", "doctor", "seed"],
];

test("without a command, and when asked for help, it lists every command and succeeds", async () => {
  for (const args of [[], ["--help"], ["help"]]) {
    const { code, output } = await cli(...args);
    expect([args, code]).toEqual([args, 0]);
    for (const name of COMMANDS) expect(output).toMatch(new RegExp(`^  ${name}( |$)`, "m"));
  }
});

test("each command explains itself, without a configuration that is valid", async () => {
  for (const name of COMMANDS) {
    const command = ServerProcess.spawn(folder.path, { PORT: "http" }, ["cli.ts", ...name.split(" "), "--help"]);
    const { code, output } = await command.exited;
    expect([name, code, output]).toEqual([name, 0, expect.stringContaining(`Usage: reelay ${name}`)]);
  }
});

test("what a command does not know is refused with a sentence, before anything is opened", async () => {
  const refusals: Record<string, string> = {
    mirgate: "Did you mean migrate?",
    "migrate --reason spam": "unknown option '--reason'",
    "migrate now": "too many arguments",
    "admin create": "'--email <address>'",
    "admin create --email nobody": "--email:",
    "admin create --email a@example.com --password short": "--password:",
    "admin ban": "missing required argument 'user'",
    "admin ban ann --until soon": "--until: a time",
    "admin demote": "unknown command 'demote'",
    "reconcile --dry": "unknown option '--dry'",
  };
  for (const [line, sentence] of Object.entries(refusals)) {
    const { code, output } = await cli(...line.split(" "));
    expect([line, code, output]).toEqual([line, 1, expect.stringContaining(sentence)]);
    expect(output).not.toContain("    at ");
  }
});
