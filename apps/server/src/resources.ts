import type { Config } from "./config.ts";
import type { Broker } from "./delivery/broker.ts";
import { openLocalBroker } from "./delivery/broker-local.ts";
import { openRedisBroker } from "./delivery/broker-redis.ts";
import { LOCAL_SOCKET_COUNTS, RedisSocketCounts } from "./delivery/socket-counts.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./platform/embedded-postgres.ts";
import { lockInstance } from "./platform/instance-lock.ts";
import type { Logger } from "./platform/log.ts";
import type { Connection } from "./platform/postgres.ts";

/** What is to be closed again, in reverse order. */
export type Closers = (() => Promise<void>)[];

/** How this node and the others reach each other. */
export async function openNodes(config: Config, override: Broker | undefined, log: Logger, closers: Closers) {
  if (override || !config.redisUrl)
    return { broker: override ?? openLocalBroker(), socketCounts: LOCAL_SOCKET_COUNTS, link: null };
  const broker = await openRedisBroker(config.redisUrl, log);
  closers.push(async () => broker.link.close());
  return { broker, socketCounts: new RedisSocketCounts(broker.link), link: broker.link };
}

export async function openDatabase(
  config: Config,
  override: Connection | undefined,
  dataDir: string,
  closers: Closers,
): Promise<{ connection: Connection; embedded: EmbeddedPostgres | undefined }> {
  if (override) return { connection: override, embedded: undefined };
  if (config.databaseUrl) return { connection: { url: config.databaseUrl }, embedded: undefined };
  const lock = await lockInstance(dataDir);
  closers.push(() => lock.release());
  const embedded = await startEmbeddedPostgres({ dataDir, log: (line) => console.log(line) });
  closers.push(() => embedded.stop());
  return { connection: embedded.connection, embedded };
}
