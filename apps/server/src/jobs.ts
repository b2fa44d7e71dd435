import type { AccessFeed } from "./access/changes.ts";
import type { App } from "./app.ts";
import { forgetSessionCursors, retentionStart, trimGrownLogs, trimNextLogs } from "./delivery/retention.ts";
import { noteSilent } from "./delivery/silent-nodes.ts";
import type { Evacuation } from "./evacuation.ts";
import { purgeKeptAvatars } from "./features/accounts/avatar.ts";
import { forgetDevices } from "./features/accounts/device-retention.ts";
import { removeExpiredRefreshTokens } from "./features/accounts/sessions.ts";
import { listStaff } from "./features/accounts/staff.ts";
import { refreshListings } from "./features/admin-lists/listing-refresh.ts";
import { forgetOldAudit } from "./features/audit/audit.ts";
import { purgeComments } from "./features/comments/takedowns.ts";
import { noteReceipts } from "./features/decisions/receipts.ts";
import type { Typing } from "./features/messages/typing.ts";
import { endExpiredBans } from "./features/moderation/bans.ts";
import { endFloods, forgetFloods } from "./features/notifications/floods.ts";
import { countWaiting } from "./features/queue/queue.ts";
import { tidyStatistics } from "./features/stats/stats.ts";
import { purgeVideos } from "./features/videos/purge.ts";
import { forgetViews } from "./features/videos/views.ts";
import type { Job } from "./platform/jobs.ts";
import type { Sockets } from "./realtime/socket.ts";
import { StaffQueue } from "./realtime/staff-queue.ts";

/** What the jobs work on. */
export type Workplace = {
  app: App;
  sockets: Sockets;
  typing: Typing;
  feed: AccessFeed;
  evacuation: Evacuation;
  /** Reads the logs of everybody this node serves, and delivers what publications lost. */
  repair(): Promise<void>;
};

/** The jobs that deliver what was lost on a faster way. */
export type RepairJob = "repair streams" | "repair streams without Redis";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What the process does again and again: one chore a row, so that no failure keeps another chore from its turn. */
export function jobsOf({ app, sockets, typing, feed, evacuation, repair }: Workplace): Job[] {
  const { broker, clock, config, confirmations, database, durableJobs, socketCounts, sql, storage, tickets } = app;
  const staffQueue = new StaffQueue(sockets.hub, { staff: () => listStaff(sql), counts: () => countWaiting(app) });
  const nodeId = crypto.randomUUID();
  const retention = () => ({ before: retentionStart(clock.now()), eventsPerUser: config.eventsPerUser });
  const isRepairUrgent = () => !broker.isConnected() || feed.isAnyNodeSilent;
  return [
    { name: "sweep sockets", everyMs: 200, run: () => sockets.sweep.tick() },
    { name: "save confirmations", everyMs: 250, run: () => confirmations.flush() },
    { name: "follow access changes", everyMs: 250, run: followAccessChanges(feed, repair) },
    { name: "end typing", everyMs: 500, run: () => typing.tick() },
    { name: "do durable jobs", everyMs: 500, run: () => durableJobs.work(app) },
    {
      name: "repair streams without Redis" satisfies RepairJob,
      everyMs: 500,
      run: () => (isRepairUrgent() ? repair() : undefined),
    },
    { name: "write activity", everyMs: SECOND, run: () => app.activity.flush() },
    { name: "end expired bans", everyMs: SECOND, run: () => endExpiredBans(app) },
    { name: "end floods", everyMs: SECOND, run: () => endFloods(app) },
    { name: "send the queue to staff", everyMs: SECOND, run: () => staffQueue.tick() },
    { name: "note what was received", everyMs: 2 * SECOND, run: () => noteReceipts(app) },
    { name: "watch the database", everyMs: SECOND, run: () => database.tick() },
    { name: "send clients to nodes that can serve", everyMs: SECOND, run: () => evacuation.tick() },
    {
      name: "note that Redis is away",
      everyMs: SECOND,
      run: () => (broker.isConnected() ? undefined : noteSilent(sql, nodeId)),
    },
    { name: "renew socket counts", everyMs: 3 * SECOND, run: () => socketCounts.renew(database.isAnswering()) },
    { name: "repair streams" satisfies RepairJob, everyMs: 10 * SECOND, run: repair },
    { name: "trim logs that grew", everyMs: 10 * SECOND, run: () => trimGrownLogs(sql, retention()) },
    { name: "trim logs in turn", everyMs: 10 * SECOND, run: () => trimNextLogs(sql, retention()) },
    { name: "forget session cursors", everyMs: 10 * SECOND, run: () => forgetSessionCursors(sql) },
    { name: "refresh listings", everyMs: 5 * SECOND, run: () => refreshListings(app) },
    { name: "tidy statistics", everyMs: MINUTE, run: () => tidyStatistics(app) },
    { name: "forget floods", everyMs: MINUTE, run: () => forgetFloods(app) },
    { name: "purge deleted videos", everyMs: HOUR, run: () => purgeVideos(app) },
    { name: "purge deleted comments", everyMs: HOUR, run: () => purgeComments(app) },
    { name: "purge pictures kept for reports", everyMs: HOUR, run: () => purgeKeptAvatars(app) },
    { name: "forget devices", everyMs: HOUR, run: () => forgetDevices(app) },
    { name: "forget old audit rows", everyMs: HOUR, run: () => forgetOldAudit(app) },
    { name: "forget access changes", everyMs: HOUR, run: () => feed.trim() },
    { name: "remove expired tickets", everyMs: HOUR, run: () => tickets.removeExpired() },
    { name: "remove expired refresh tokens", everyMs: HOUR, run: () => removeExpiredRefreshTokens(app) },
    { name: "forget views", everyMs: HOUR, run: () => forgetViews(app) },
    { name: "remove abandoned uploads", everyMs: HOUR, run: () => storage.sweep() },
  ];
}

/** What was committed while connections broke may never have been published: it is repaired once the feed answers. */
function followAccessChanges(feed: AccessFeed, repair: () => Promise<void>): () => Promise<void> {
  let wasDatabaseAway = false;
  return async () => {
    const isRepairDue = wasDatabaseAway;
    wasDatabaseAway = true;
    const isOtherDatabase = await feed.poll();
    if (isRepairDue || isOtherDatabase) await repair();
    wasDatabaseAway = false;
  };
}
