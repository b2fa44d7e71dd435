import { Command } from "commander";
import { type Config, ConfigError } from "../config.ts";
import { chooseDataDir } from "../platform/postgres-home.ts";
import type { ConfigReader } from "./context.ts";
import { lookAtDatabase } from "./doctor/database.ts";
import { type Finding, fail, ok } from "./doctor/finding.ts";
import { lookAtMachine } from "./doctor/machine.ts";
import { lookAtServices } from "./doctor/services.ts";

type Options = { deep?: boolean; json?: boolean };

export function doctorCommand(readConfig: ConfigReader): Command {
  return new Command("doctor")
    .description("look for what keeps a server from working, and say what to do; fails when something does")
    .option("--deep", "count every counter again, too")
    .option("--json", "for programs")
    .action((options: Options) => examine(readConfig, options));
}

async function examine(readConfig: ConfigReader, { deep = false, json = false }: Options): Promise<void> {
  const findings = await lookAtAll(readConfig, deep);
  const isOk = findings.every(({ status }) => status !== "fail");
  console.log(json ? JSON.stringify({ ok: isOk, findings }, null, 2) : textOf(findings));
  if (!isOk) process.exitCode = 1;
}

async function lookAtAll(readConfig: ConfigReader, isDeep: boolean): Promise<Finding[]> {
  const config = configOf(readConfig);
  if (typeof config === "string") return [fail("configuration", config, "Correct the environment, or .env.")];
  const dataDir = chooseDataDir(config.dataDir, process.cwd());
  return [
    ok("configuration", "It is valid."),
    ...(await lookAtMachine(config, dataDir)),
    ...(await lookAtDatabase(config, dataDir, { isDeep })),
    ...(await lookAtServices(config)),
  ];
}

function configOf(readConfig: ConfigReader): Config | string {
  try {
    return readConfig();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

function textOf(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ check, status, message, advice }) => [
    `${status.padEnd(6)}${check.padEnd(16)}${message}`,
    ...(advice ? [`${" ".repeat(22)}→ ${advice}`] : []),
  ]);
  const count = (wanted: Finding["status"]) => findings.filter(({ status }) => status === wanted).length;
  return [...lines, `\n${count("ok")} ok, ${count("warn")} to look at, ${count("fail")} failed`].join("\n");
}
