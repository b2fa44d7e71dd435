import { bannerOf } from "./banner.ts";
import { type Context, openContext, type Running, startServer } from "./compose.ts";
import { ConfigError, readConfig } from "./config.ts";
import { ensureFirstAdmin } from "./features/accounts/first-admin.ts";
import { InstanceRunning } from "./platform/instance-lock.ts";
import { MigrationError } from "./platform/migrate.ts";
import { isPortTaken, PortTaken } from "./platform/port.ts";
import { RedisRefused } from "./platform/redis.ts";
import { onStopRequest } from "./platform/signals.ts";

try {
  await serve();
} catch (error) {
  const explained = [ConfigError, InstanceRunning, MigrationError, PortTaken, RedisRefused];
  console.error(explained.some((kind) => error instanceof kind) ? (error as Error).message : error);
  process.exit(1);
}

async function serve(): Promise<void> {
  const context = await openContext(readConfig(process.env));
  const admin = await ensureFirstAdmin(context.app, context.embedded !== undefined);
  const running = await start(context);
  console.log(`${bannerOf("Reelay", running.url)}\n  data      ${context.dataDir}`);
  if (admin) console.log(`  admin     ${admin.email}  password: ${admin.password}   (shown once)`);
  onStopRequest({ stop: () => void stop(running, context), abort: () => process.exit(1) });
}

async function start(context: Context): Promise<Running> {
  try {
    return await startServer(context.app);
  } catch (error) {
    await context.close();
    if (!isPortTaken(error)) throw error;
    throw new PortTaken(context.app.config);
  }
}

async function stop(running: Running, context: Context): Promise<never> {
  console.log("\nStopping…");
  try {
    await running.stop().finally(() => context.close());
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
  process.exit(0);
}
