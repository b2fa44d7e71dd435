import type { AuditLog, AuditLogEntry, AuditLogQuery } from "@reelay/contract";
import type { App } from "../../app.ts";
import type { Fragment, Queryable } from "../../platform/postgres.ts";
import { bigints } from "../../platform/sql-fragments.ts";
import { INVERSES } from "../undo/inverses.ts";
import { findListed, type Stream } from "./ordered-pages.ts";

/** A page of the audit log, the newest first. */
export async function listAuditLog(app: App, query: AuditLogQuery, signal: AbortSignal): Promise<AuditLog> {
  const { ids, pagination } = await findListed(app, {
    wanted: { ...query, order: "desc" },
    search: "",
    signal,
    isIndexed: [query.actor, query.action, query.targetType, query.targetId].filter(Boolean).length <= 1,
    listing: (db) => ({ streams: [streamOf(db, query)] }),
    knownTotal: null,
  });
  return { entries: await readEntries(app.sql, ids), pagination };
}

/** Entries by their ids, in that order. */
export async function readEntries(db: Queryable, ids: readonly number[]): Promise<AuditLogEntry[]> {
  const rows: Omit<AuditLogEntry, "isUndoable">[] = await db`
    select g.id::float8 as id, g.actor_id::float8 as "actorId", a.username as "actorUsername", g.action,
      g.target_type as "targetType", g.target_id::float8 as "targetId", g.details, wire_time(g.created_at) as "createdAt",
      wire_time(g.undone_at) as "undoneAt"
    from unnest(${bigints(db, ids)}) with ordinality as wanted(id, place)
    join audit_log g on g.id = wanted.id left join accounts a on a.id = g.actor_id
    order by wanted.place`;
  return rows.map((row) => ({ ...row, isUndoable: row.undoneAt === null && row.action in INVERSES }));
}

/** The newest entries about one thing. */
export async function readHistory(
  db: Queryable,
  targetType: string,
  targetId: number,
  limit: number,
): Promise<AuditLogEntry[]> {
  const rows: { id: number }[] = await db`
    select id::float8 as id from audit_log where target_type = ${targetType} and target_id = ${targetId}
    order by id desc limit ${limit}`;
  return await readEntries(
    db,
    rows.map(({ id }) => id),
  );
}

function streamOf(db: Queryable, { actor, action, targetType, targetId, from, to }: AuditLogQuery): Stream {
  const filters = [
    actor !== undefined && db`g.actor_id = ${actor}`,
    action !== undefined && db`g.action = ${action}`,
    targetType !== undefined && db`g.target_type = ${targetType}`,
    targetId !== undefined && db`g.target_id = ${targetId}`,
    from !== undefined && db`g.created_at >= ${new Date(from)}`,
    to !== undefined && db`g.created_at < ${new Date(to)}`,
  ];
  const where = filters.reduce<Fragment>((all, filter) => (filter ? db`${all} and ${filter}` : all), db`true`);
  return { from: db`audit_log g`, where, id: db`g.id`, key: db`g.created_at` };
}
