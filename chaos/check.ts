import type { App } from "../apps/server/src/app.ts";
import { reconcile } from "../apps/server/src/features/reconcile/reconcile.ts";
import type { Device } from "./device.ts";
import type { Log, Row } from "./log.ts";
import { keyOf, PlainDevice } from "./plain-device.ts";
import type { Received, ResumableDevice } from "./resumable-device.ts";
import type { Decided } from "./staff.ts";
import type { FaultWindow } from "./timing.ts";
import type { Work } from "./writers.ts";

export type Findings = {
  events: number;
  /** Of the numbers given out, those whose events were trimmed. */
  trimmed: number;
  /** Acknowledged, and gone with a database that went back. */
  forgotten: number;
  lost: string[];
  disordered: string[];
  wrong: string[];
  drift: string[];
};

type Devices = { resumable: readonly ResumableDevice[]; plain: readonly PlainDevice[] };

/** Holds what every device received against the logs, and what was acknowledged against the tables. */
export async function check(
  app: App,
  { resumable, plain }: Devices,
  logs: ReadonlyMap<number, Log>,
  acknowledged: Acknowledgements,
): Promise<Findings> {
  const { wentBack } = acknowledged;
  const findings: Findings = { events: 0, trimmed: 0, forgotten: 0, lost: [], disordered: [], wrong: [], drift: [] };
  for (const device of resumable) checkResumable(device, logs.get(device.owner.userId)!, wentBack.length > 0, findings);
  for (const device of plain) checkPlain(device, logs.get(device.owner.userId)!, wentBack, findings);
  for (const device of [...resumable, ...plain]) checkCounters(device, logs.get(device.owner.userId)!, findings);
  await checkAcknowledged(app, acknowledged, findings);
  await checkGapless(app, findings);
  for (const { name, counters, by } of await reconcile(app, { repair: false })) {
    if (counters > 0) findings.drift.push(`${name}: ${counters} wrong, by ${by}`);
  }
  const [{ written, kept }] = await app.sql`
    select sum(seq)::int as written, (select count(*)::int from user_events) as kept from user_streams`;
  findings.events = written;
  findings.trimmed = written - kept;
  return findings;
}

/** Whether a device has everything that stands; one that keeps a cursor, the counters as they are as well. */
export function isUpToDate(device: ResumableDevice | PlainDevice, log: Log): boolean {
  if (device instanceof PlainDevice) return device.owedFromMs !== null && owedTo(device, log).length === 0;
  return log.missing(device.lastSeq, () => false).length === 0 && wrongCounters(device, log).length === 0;
}

function checkResumable(device: ResumableDevice, log: Log, hasForked: boolean, findings: Findings): void {
  const { name, received, startSeq, lastSeq, duplicateSockets } = device;
  if (startSeq === null) return void findings.wrong.push(`${name} never got in`);
  for (const seq of device.trimmedAt) {
    if (!hasForked && seq >= log.floorSeq)
      findings.wrong.push(`${name} was reset as too old at ${seq}, above ${log.floorSeq}`);
  }
  if (lastSeq !== log.topSeq) findings.lost.push(`${name} stands at ${lastSeq} of ${log.topSeq}`);
  const missing = log.missing(startSeq, ({ seq }) => received.has(seq));
  for (const { seq, type } of missing) findings.lost.push(`${name} did not get ${seq} (${type})`);
  for (const [seq, got] of received) {
    const row = log.bySeq.get(seq);
    if (row ? !isSame(got, row) : seq > log.floorSeq) {
      findings.wrong.push(`${name} got ${JSON.stringify(got)} as ${seq}, which is ${JSON.stringify(row)}`);
    }
  }
  for (const { fromSeq, to, seqs } of duplicateSockets) {
    // It was ahead of its device when the database went back: what it got is not of this log.
    const isOfFork = (log.bySeq.get(to.seq)?.mark ?? to.mark) !== to.mark;
    const missing = isOfFork ? [] : log.missing(fromSeq, ({ seq }) => seq > to.seq || seqs.has(seq));
    for (const { seq, type } of missing) {
      findings.lost.push(`a second socket of ${name} from ${fromSeq} to ${to.seq} did not get ${seq} (${type})`);
    }
  }
}

/** An event that holds its own data came with it; any other as what it refers to. */
function isSame({ type, data }: Received, row: Row): boolean {
  if (type !== row.type) return false;
  if (row.data) return Bun.deepEquals(data, row.data);
  return data.id === row.subjectId && (row.content === null || data.content === row.content);
}

function checkPlain(device: PlainDevice, log: Log, wentBack: readonly FaultWindow[], findings: Findings): void {
  const { name, received, connections, owedFromMs } = device;
  if (owedFromMs === null) return void findings.wrong.push(`${name} never got in`);
  const seqs = new Map(log.rows.flatMap((row) => (keyOfRow(row) ? [[keyOfRow(row)!, row.seq] as const] : [])));
  for (const row of owedTo(device, log)) findings.lost.push(`${name} did not get ${row.seq} (${keyOfRow(row)})`);
  const known = new Set(log.rows.map(({ type, subjectId }) => `${type} ${subjectId}`));
  for (const key of received) {
    const [type, id] = key.split(" ");
    if (wentBack.length === 0 && log.floorSeq === 0 && !seqs.has(key) && !known.has(`${type} ${id}`)) {
      findings.wrong.push(`${name} got ${key}, which never was`);
    }
  }
  for (const [index, { keys, sinceMs }] of connections.entries()) {
    // Over a log that went back, what was not confirmed comes again.
    const untilMs = connections[index + 1]?.sinceMs ?? Number.POSITIVE_INFINITY;
    if (wentBack.some(({ fromMs, toMs }) => sinceMs <= toMs && untilMs >= fromMs)) continue;
    const places = keys.flatMap((key) => seqs.get(key) ?? []);
    for (const [n, seq] of places.entries()) {
      if (n > 0 && seq <= places[n - 1]!) findings.disordered.push(`${name} got ${seq} after ${places[n - 1]}`);
    }
  }
}

/** What came after its session began, and not to it. */
function owedTo({ received, owedFromMs }: PlainDevice, log: Log): Row[] {
  return log.missing(0, (row) => {
    const key = keyOfRow(row);
    return key === undefined || row.loggedAtMs <= owedFromMs! || received.has(key);
  });
}

/** Of a message that was deleted meanwhile, nobody knows what it said. */
function keyOfRow({ type, subjectId, data, content, createdAt }: Row): string | undefined {
  if (data) return keyOf(type, data);
  return subjectId === null ? undefined : keyOf(type, { id: subjectId, content, createdAt: createdAt ?? "" });
}

function checkCounters(device: Device, log: Log, findings: Findings): void {
  for (const wrong of wrongCounters(device, log)) findings.wrong.push(`${device.name} received ${wrong}`);
}

function wrongCounters({ counters }: Device, log: Log): string[] {
  return [...counters].filter(([type, count]) => log.counters.get(type) !== count).map((each) => each.join(" "));
}

/** What was answered with success, and when a database went back behind it. */
export type Acknowledgements = {
  work: Work;
  decided: ReadonlyMap<number, Decided>;
  wentBack: readonly FaultWindow[];
};

type StoredMessage = { id: number; clientId: string; isGone: boolean; events: number; mayBeTrimmed: boolean };

async function checkAcknowledged(
  app: App,
  { work, decided, wentBack }: Acknowledgements,
  findings: Findings,
): Promise<void> {
  const mayBeForgotten = (atMs: number) => wentBack.some(({ fromMs, toMs }) => atMs >= fromMs && atMs <= toMs);
  const miss = (atMs: number, what: string) => {
    if (mayBeForgotten(atMs)) findings.forgotten++;
    else findings.lost.push(`${what} was acknowledged at ${new Date(atMs).toISOString()}`);
  };
  const messages = await readMessages(app);
  for (const { id, clientId, atMs } of work.messages.values()) {
    const found = messages.get(clientId) ?? [];
    if (found.length !== 1 || found[0]!.id !== id) miss(atMs, `message ${id} (${clientId})`);
    else if (found[0]!.events !== 1 && !found[0]!.mayBeTrimmed)
      findings.lost.push(`message ${id} has ${found[0]!.events} events for its receiver`);
  }
  for (const [clientId, atMs] of work.deleted) {
    if (messages.has(clientId) && !messages.get(clientId)![0]!.isGone) miss(atMs, `the deletion of ${clientId}`);
  }
  const comments = await readComments(app);
  for (const { id, clientId, atMs } of work.comments.values()) {
    const found = comments.get(clientId) ?? [];
    if (found.length !== 1 || found[0]!.id !== id) miss(atMs, `comment ${id} (${clientId})`);
  }
  const rows: { pair: string }[] = await app.sql`
    select follower_id || ' ' || followee_id as pair from follows where deleted_at is null`;
  const follows = new Set(rows.map(({ pair }) => pair));
  for (const [pair, atMs] of work.follows) if (!follows.has(pair)) miss(atMs, `follow ${pair}`);
  const decisions = await readDecisions(app);
  for (const [id, { decidedAtMs, undoneAtMs }] of decided) {
    const found = decisions.get(id);
    if (!found) miss(decidedAtMs, `decision ${id}`);
    else if (undoneAtMs !== null && !found.isUndone) miss(undoneAtMs, `the undo of decision ${id}`);
  }
}

async function readDecisions({ sql }: App): Promise<Map<number, { isUndone: boolean }>> {
  const rows: { id: number; isUndone: boolean }[] = await sql`
    select id::float8 as id, undone_at is not null as "isUndone" from decisions`;
  return new Map(rows.map(({ id, isUndone }) => [id, { isUndone }]));
}

/**
 * By clientId, each with how many times its receiver's log announces it. Times only say something about where a log was trimmed: a
 * transaction that waited has an earlier time than those it waited for.
 */
async function readMessages({ sql }: App): Promise<Map<string, StoredMessage[]>> {
  const rows: StoredMessage[] = await sql`
    with announced as (
      select user_id, subject_id, count(*)::int as events from user_events where type = 'message:new' group by 1, 2
    ),
    kept as (select user_id, min(created_at) as since from user_events where flood = 0 group by 1)
    select m.id::float8 as id, m.client_id as "clientId", m.deleted_at is not null as "isGone",
      coalesce(a.events, 0) as events, m.created_at < k.since + interval '30 seconds' as "mayBeTrimmed"
    from messages m
    left join announced a on a.user_id = m.receiver_id and a.subject_id = m.id
    left join kept k on k.user_id = m.receiver_id
    where m.client_id is not null`;
  return Map.groupBy(rows, ({ clientId }) => clientId);
}

async function readComments({ sql }: App): Promise<Map<string, { id: number; clientId: string }[]>> {
  const rows: { id: number; clientId: string }[] = await sql`
    select id::float8 as id, client_id as "clientId" from comments where client_id is not null`;
  return Map.groupBy(rows, ({ clientId }) => clientId);
}

async function checkGapless(app: App, findings: Findings): Promise<void> {
  const rows: { userId: number }[] = await app.sql`
    select s.user_id::float8 as "userId" from user_streams s
    where s.seq - s.floor_seq > (select count(*) from user_events e where e.user_id = s.user_id and e.seq > s.floor_seq)`;
  for (const { userId } of rows) findings.wrong.push(`the log of ${userId} has a hole`);
}
