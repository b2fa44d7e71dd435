import type { AdminMessage, AdminReportDetails, ReportTarget } from "@reelay/contract";
import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import { fail } from "../../platform/api-error.ts";
import type { Sql } from "../../platform/postgres.ts";
import { openEvidence } from "../reports/evidence.ts";
import { readHistory } from "./audit-log.ts";
import { readReports } from "./reports.ts";
import { readRecentReports } from "./user-details.ts";
import { readUsers } from "./users.ts";
import { findComment, findPerson } from "./video-details.ts";
import { readVideos } from "./videos.ts";

const RECENT = 20;

/**
 * A report with what it is about, then and now.
 * @throws ApiError REPORT_NOT_FOUND
 */
export async function readReportDetails(app: App, staff: Actor, reportId: number): Promise<AdminReportDetails> {
  const { sql } = app;
  const [report] = await readReports(sql, staff, [reportId]);
  if (!report) throw fail("REPORT_NOT_FOUND");
  const { targetType, targetId, reporterId } = report;
  const others = sql`r.target_type = ${targetType} and r.target_id = ${targetId} and r.id <> ${reportId}`;
  const [reporter, target, snapshot, siblings, history] = await Promise.all([
    reporterId === null ? undefined : findPerson(sql, reporterId),
    findTarget(app, staff, targetType, targetId),
    readSnapshot(sql, reportId),
    readRecentReports(sql, staff, others, RECENT),
    readHistory(sql, "report", reportId, RECENT),
  ]);
  return {
    ...{ report, reporter: reporter ?? null, target: target ?? null },
    ...{ snapshot: openEvidence(app, staff, snapshot), siblings, history },
  };
}

type Target = Exclude<AdminReportDetails["target"], null>;
type FindTarget = (app: App, staff: Actor, id: number) => Promise<Target | undefined>;

const FIND: Record<ReportTarget, FindTarget> = {
  video: async (app, staff, id) => (await readVideos(app, staff, [id]))[0],
  user: async (app, staff, id) => (await readUsers(app, staff, [id]))[0],
  comment: ({ sql }, _staff, id) => findComment(sql, id),
  message: ({ sql }, _staff, id) => findMessage(sql, id),
};

function findTarget(app: App, staff: Actor, type: ReportTarget, id: number): Promise<Target | undefined> {
  return FIND[type](app, staff, id);
}

async function readSnapshot(sql: Sql, reportId: number): Promise<Record<string, unknown>> {
  const [row] = await sql`select snapshot from reports where id = ${reportId}`;
  return row.snapshot;
}

async function findMessage(sql: Sql, messageId: number): Promise<AdminMessage | undefined> {
  const [row] = await sql`
    select id::float8 as id, sender_id::float8 as "senderId", receiver_id::float8 as "receiverId", content,
      wire_time(created_at) as "createdAt", wire_time(deleted_at) as "deletedAt"
    from messages where id = ${messageId}`;
  return row;
}
