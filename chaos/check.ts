import type { App } from "../apps/server/src/context.ts";
import { reconcile } from "../apps/server/src/features/reconcile/reconcile.ts";
import { keyOf, type PlainDevice, type ResumableDevice } from "./devices.ts";
import type { Acknowledged } from "./writers.ts";

export type Findings = { events: number; lost: string[]; disordered: string[]; wrong: string[]; drift: string[] };

type Row = { seq: number; type: string; subjectId: number | null };
/** One user's log as it stands in the end. */
type Log = { rows: Row[]; topSeq: number; excused: (seq: number) => Promise<boolean> };

/** Holds what every device received against the logs, and what was acknowledged against the tables. */
export async function check(
  app: App,
  devices: { resumable: readonly ResumableDevice[]; plain: readonly PlainDevice[] },
  acknowledged: readonly Acknowledged[],
): Promise<Findings> {
  const findings: Findings = { events: 0, lost: [], disordered: [], wrong: [], drift: [] };
  const users = new Set([...devices.resumable, ...devices.plain].map(({ owner }) => owner.userId));
  const logs = new Map<number, Log>();
  for (const userId of users) logs.set(userId, await readLog(app, userId));
  for (const device of devices.resumable) await checkResumable(device, logs.get(device.owner.userId)!, findings);
  for (const device of devices.plain) await checkPlain(device, logs.get(device.owner.userId)!, findings);
  await checkAcknowledged(app, acknowledged, findings);
  await checkGapless(app, findings);
  for (const { name, counters, by } of await reconcile(app, { repair: false })) {
    if (counters > 0) findings.drift.push(`${name}: ${counters} wrong, by ${by}`);
  }
  const [{ count }] = await app.sql`select count(*)::int as count from user_events`;
  findings.events = count;
  return findings;
}

async function readLog(app: App, userId: number): Promise<Log> {
  const rows: Row[] = await app.sql`
    select seq::float8 as seq, type, subject_id::float8 as "subjectId" from user_events
    where user_id = ${userId} order by seq`;
  const [stream] = await app.sql`select seq::float8 as seq from user_streams where user_id = ${userId}`;
  // Taken back once, a notification is not replayed, though it may stand again by now.
  const revoked: { id: number }[] = await app.sql`
    select distinct (json_array_elements_text(data -> 'notificationIds'))::float8 as id from user_events
    where user_id = ${userId} and type = 'notification:revoked'`;
  const wasRevoked = new Set(revoked.map(({ id }) => id));
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  return {
    rows,
    topSeq: stream?.seq ?? 0,
    async excused(seq) {
      const row = bySeq.get(seq);
      if (row?.type === "notification:new" && wasRevoked.has(row.subjectId!)) return true;
      const { events } = await app.replay.page(userId, seq - 1, 1);
      return events[0]?.seq === seq && events[0].frame === null;
    },
  };
}

async function checkResumable(device: ResumableDevice, log: Log, findings: Findings): Promise<void> {
  const { name, received, startSeq, lastSeq } = device;
  if (startSeq === null) return void findings.wrong.push(`${name} never got in`);
  if (lastSeq !== log.topSeq) findings.lost.push(`${name} stands at ${lastSeq} of ${log.topSeq}`);
  for (const { seq, type, subjectId } of log.rows) {
    if (seq <= startSeq) continue;
    const got = received.get(seq);
    if (!got) {
      if (!(await log.excused(seq))) findings.lost.push(`${name} did not get ${seq} (${type})`);
      continue;
    }
    const isRendered = ["message:new", "message:sent", "notification:new"].includes(type);
    if (got.type !== type || (isRendered && got.data.id !== subjectId)) {
      findings.wrong.push(`${name} got ${got.type} ${got.data.id} as ${seq}, which is ${type} ${subjectId}`);
    }
  }
}

async function checkPlain(device: PlainDevice, log: Log, findings: Findings): Promise<void> {
  const { name, received, connections } = device;
  const seqs = new Map<string, number>();
  for (const { seq, type, subjectId } of log.rows) {
    const key = subjectId === null ? undefined : keyOf(type, { id: subjectId, messageId: subjectId });
    if (!key) continue;
    seqs.set(key, seq);
    if (!received.has(key) && !(await log.excused(seq))) findings.lost.push(`${name} did not get ${seq} (${key})`);
  }
  for (const keys of connections) {
    for (const [index, key] of keys.entries()) {
      const before = keys[index - 1];
      if (before && seqs.get(key)! <= seqs.get(before)!) findings.disordered.push(`${name} got ${key} after ${before}`);
    }
  }
}

async function checkAcknowledged(app: App, acknowledged: readonly Acknowledged[], findings: Findings): Promise<void> {
  const rows: Acknowledged[] = await app.sql`
    select id::float8 as id, client_id as "clientId", sender_id::float8 as "senderId" from messages`;
  const byClientId = Map.groupBy(rows, ({ clientId, senderId }) => `${senderId} ${clientId}`);
  for (const { id, clientId, senderId } of acknowledged) {
    const found = byClientId.get(`${senderId} ${clientId}`) ?? [];
    if (found.length !== 1 || found[0]!.id !== id) findings.lost.push(`message ${id} (${clientId}) was acknowledged`);
  }
}

async function checkGapless(app: App, findings: Findings): Promise<void> {
  const rows: { userId: number }[] = await app.sql`
    select s.user_id::float8 as "userId" from user_streams s
    where s.seq - s.floor_seq > (select count(*) from user_events e where e.user_id = s.user_id and e.seq > s.floor_seq)`;
  for (const { userId } of rows) findings.wrong.push(`the log of ${userId} has a hole`);
}
