import type { Activity } from "./access/activity.ts";
import type { Limits } from "./access/budgets.ts";
import type { SignedUrls } from "./access/signed-urls.ts";
import type { Standings } from "./access/standing.ts";
import type { Tickets } from "./access/tickets.ts";
import type { Tokens } from "./access/tokens.ts";
import type { Config } from "./config.ts";
import type { Broker } from "./delivery/broker.ts";
import type { Channels } from "./delivery/channels.ts";
import type { PublishingTx } from "./delivery/commit.ts";
import type { Confirmations } from "./delivery/confirmations.ts";
import type { LongPolls } from "./delivery/long-polls.ts";
import type { Replay } from "./delivery/replay.ts";
import type { SocketCounts } from "./delivery/socket-counts.ts";
import type { Clock } from "./platform/clock.ts";
import type { DatabaseWatch } from "./platform/database-watch.ts";
import type { Disk } from "./platform/disk.ts";
import type { DurableJobs } from "./platform/durable-jobs.ts";
import type { Logger } from "./platform/log.ts";
import type { Metrics } from "./platform/metrics.ts";
import type { Storage } from "./platform/object-store.ts";
import type { Sql } from "./platform/postgres.ts";

/** What http and the features are given: the parts of one running server. */
export type App = Readonly<{
  config: Config;
  sql: Sql;
  database: DatabaseWatch;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  storage: Storage;
  disk: Disk;
  tokens: Tokens;
  tickets: Tickets;
  signedUrls: SignedUrls;
  standings: Standings;
  activity: Activity;
  limits: Limits;
  /** Of this database: part of every cursor. */
  epoch: string;
  broker: Broker;
  socketCounts: SocketCounts;
  channels: Channels;
  longPolls: LongPolls;
  replay: Replay;
  confirmations: Confirmations;
  durableJobs: DurableJobs<App, PublishingTx>;
}>;
