import { type Context, openContext, type Running, startServer } from "./compose.ts";
import { ConfigError, readConfig } from "./config.ts";
import { ensureFirstAdmin } from "./features/accounts/first-admin.ts";
import { InstanceRunning } from "./platform/instance-lock.ts";
import { MigrationError } from "./platform/migrate.ts";
import { RedisRefused } from "./platform/redis.ts";

class PortTaken extends Error {}

/** One Ctrl-C arrives twice: from the terminal, and passed on by npm. */
const SAME_KEYSTROKE_MS = 1000;

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
  console.log(`\nReelay is up on ${running.url}`);
  console.log(`  API       ${running.url}/api/v1\n  docs      ${running.url}/docs`);
  console.log(`  socket    ${running.url.replace("http", "ws")}/api/v1/ws\n  data      ${context.dataDir}`);
  if (admin) console.log(`  admin     ${admin.email}  password: ${admin.password}   (shown once)`);
  stopOnSignals(async () => {
    try {
      await running.stop();
    } finally {
      await context.close();
    }
  });
}

async function start(context: Context): Promise<Running> {
  try {
    return await startServer(context.app);
  } catch (error) {
    await context.close();
    const { host, port } = context.app.config;
    if ((error as { code?: string }).code !== "EADDRINUSE") throw error;
    throw new PortTaken(`Port ${port} on ${host} is taken by another program. Choose another PORT.`);
  }
}

/** The first signal stops in order, a second one at once. */
function stopOnSignals(stop: () => Promise<void>): void {
  let stoppingSinceMs = 0;
  const onSignal = async () => {
    if (stoppingSinceMs > 0) {
      if (Date.now() - stoppingSinceMs > SAME_KEYSTROKE_MS) process.exit(1);
      return;
    }
    stoppingSinceMs = Date.now();
    console.log("\nStopping…");
    const code = await stop().then(
      () => 0,
      (error) => {
        console.error(error);
        return 1;
      },
    );
    process.exit(code);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
}
