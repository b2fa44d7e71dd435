import { type Context, openContext } from "../compose.ts";
import type { Config } from "../config.ts";
import { InstanceRunning } from "../platform/instance-lock.ts";
import { chooseDataDir, runningConnection } from "../platform/postgres-home.ts";

/** Reads the configuration when a command needs it: help is there without one. */
export type ConfigReader = () => Config;

/** Opens the database as the server does; when the server is running, the one it runs. */
export async function withContext<T>(readConfig: ConfigReader, work: (context: Context) => Promise<T>): Promise<T> {
  const context = await open(readConfig());
  try {
    return await work(context);
  } finally {
    await context.close();
  }
}

async function open(config: Config): Promise<Context> {
  try {
    return await openContext(config);
  } catch (error) {
    if (!(error instanceof InstanceRunning)) throw error;
    const dataDir = chooseDataDir(config.dataDir, process.cwd());
    return await openContext(config, { dataDir, connection: await runningConnection(dataDir) });
  }
}
