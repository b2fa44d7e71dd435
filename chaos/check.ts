import type { App } from "../apps/server/src/context.ts";
import { reconcile } from "../apps/server/src/features/reconcile/reconcile.ts";
import { keyOf, type PlainDevice, type Received, type ResumableDevice } from "./devices.ts";
import type { Log, Row } from "./log.ts";
import type { Acknowledged, Work } from "./writers.ts";

export type Findings = { events: number; lost: string[]; disordered: string[]; wrong: string[]; drift: string[] };

type Devices = { resumable: readonly ResumableDevice[]; plain: readonly PlainDevice[] };

/** Holds what every device received against the logs, and what was acknowledged against the tables. */
export async function check(
  app: App,
  { resumable, plain }: Devices,
  logs: ReadonlyMap<number, Log>,
  work: Work,
): Promise<Findings> {
  const findings: Findings = { events: 0, lost: [], disordered: [], wrong: [], drift: [] };
  for (const device of resumable) checkResumable(device, logs.get(device.owner.userId)!, findings);
  for (const device of plain) checkPlain(device, logs.get(device.owner.userId)!, findings);
  await checkAcknowledged(app, work, findings);
  await checkGapless(app, findings);
  for (const { name, counters, by } of await reconcile(app, { repair: false })) {
    if (counters > 0) findings.drift.push(`${name}: ${counters} wrong, by ${by}`);
  }
  const [{ count }] = await app.sql`select count(*)::int as count from user_events`;
  findings.events = count;
  return findings;
}

/** Whether a device that keeps a cursor has everything that stands. */
export function isUpToDate({ lastSeq }: ResumableDevice, log: Log): boolean {
  return log.missing(lastSeq, () => false).length === 0;
}

function checkResumable(device: ResumableDevice, log: Log, findings: Findings): void {
  const { name, received, startSeq, lastSeq, twins } = device;
  if (startSeq === null) return void findings.wrong.push(`${name} never got in`);
  if (lastSeq !== log.topSeq) findings.lost.push(`${name} stands at ${lastSeq} of ${log.topSeq}`);
  const missing = log.missing(startSeq, ({ seq }) => received.has(seq));
  for (const { seq, type } of missing) findings.lost.push(`${name} did not get ${seq} (${type})`);
  for (const [seq, got] of received) {
    const row = log.bySeq.get(seq);
    if (row ? !isSame(got, row) : seq > log.floorSeq) {
      findings.wrong.push(`${name} got ${JSON.stringify(got)} as ${seq}, which is ${JSON.stringify(row)}`);
    }
  }
  for (const { fromSeq, toSeq, seqs } of twins) {
    const missing = log.missing(fromSeq, ({ seq }) => seq > toSeq || seqs.has(seq));
    for (const { seq, type } of missing) {
      findings.lost.push(`a second socket of ${name} from ${fromSeq} to ${toSeq} did not get ${seq} (${type})`);
    }
  }
}

/** An event that holds its own data came with it; any other as what it refers to. */
function isSame({ type, data }: Received, row: Row): boolean {
  if (type !== row.type) return false;
  if (row.data) return Bun.deepEquals(data, row.data);
  return data.id === row.subjectId && (row.content === null || data.content === row.content);
}

function checkPlain({ name, received, connections }: PlainDevice, log: Log, findings: Findings): void {
  const seqs = new Map(log.rows.flatMap((row) => (keyOfRow(row) ? [[keyOfRow(row)!, row.seq] as const] : [])));
  const missing = log.missing(0, (row) => !keyOfRow(row) || received.has(keyOfRow(row)!));
  for (const row of missing) findings.lost.push(`${name} did not get ${row.seq} (${keyOfRow(row)})`);
  for (const key of received) {
    if (!seqs.has(key) && log.floorSeq === 0) findings.wrong.push(`${name} got ${key}, which never was`);
  }
  for (const keys of connections) {
    for (const [index, key] of keys.entries()) {
      const before = keys[index - 1];
      if (before && seqs.get(key)! <= seqs.get(before)!) findings.disordered.push(`${name} got ${key} after ${before}`);
    }
  }
}

function keyOfRow({ type, subjectId }: Row): string | undefined {
  return subjectId === null ? undefined : keyOf(type, { id: subjectId, messageId: subjectId });
}

async function checkAcknowledged(app: App, work: Work, findings: Findings): Promise<void> {
  const messages: Acknowledged[] = await app.sql`
    select id::float8 as id, client_id as "clientId", sender_id::float8 as "userId" from messages`;
  const comments: Acknowledged[] = await app.sql`
    select id::float8 as id, client_id as "clientId", user_id::float8 as "userId" from comments`;
  const follows: { pair: string }[] = await app.sql`
    select follower_id || ' ' || followee_id as pair from follows where deleted_at is null`;
  const gone: { id: number }[] = await app.sql`select id::float8 as id from messages where deleted_at is not null`;
  findings.lost.push(
    ...notKept("message", work.messages, messages),
    ...notKept("comment", work.comments, comments),
    ...[...work.follows.difference(new Set(follows.map(({ pair }) => pair)))].map((pair) => `follow ${pair}`),
    ...[...work.takenBack.difference(new Set(gone.map(({ id }) => id)))].map((id) => `message ${id} was taken back`),
  );
}

/** Each must be there once, as what it was acknowledged. */
function notKept(what: string, acknowledged: readonly Acknowledged[], rows: readonly Acknowledged[]): string[] {
  const written = Map.groupBy(rows, ({ userId, clientId }) => `${userId} ${clientId}`);
  return acknowledged
    .filter(({ id, userId, clientId }) => {
      const found = written.get(`${userId} ${clientId}`) ?? [];
      return found.length !== 1 || found[0]!.id !== id;
    })
    .map(({ id, clientId }) => `${what} ${id} (${clientId}) was acknowledged`);
}

async function checkGapless(app: App, findings: Findings): Promise<void> {
  const rows: { userId: number }[] = await app.sql`
    select s.user_id::float8 as "userId" from user_streams s
    where s.seq - s.floor_seq > (select count(*) from user_events e where e.user_id = s.user_id and e.seq > s.floor_seq)`;
  for (const { userId } of rows) findings.wrong.push(`the log of ${userId} has a hole`);
}
