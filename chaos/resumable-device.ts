import { call } from "@reelay/testkit/api.ts";
import { RawSocket } from "@reelay/testkit/raw-socket.ts";
import { type Data, Device, type Frame, placeOf, seqOf } from "./device.ts";

/** What a device received under a number. */
export type Received = { type: string; data: Data };

/** What a second socket got, from a cursor to where it was up to date. */
export type DuplicateSocket = { fromSeq: number; to: { seq: number; mark: number }; seqs: ReadonlySet<number> };

type Poll = { events: Frame[]; cursor: string; reset?: Data };

/** Keeps a cursor. Every event must come once, in order; what it got is kept by number, to be held against the log. */
export class ResumableDevice extends Device {
  /** By seq: what came since the last reset. */
  received = new Map<number, Received>();
  duplicateSockets: DuplicateSocket[] = [];
  /** Where it stood when it learned that what follows was trimmed. */
  readonly trimmedAt: number[] = [];
  startSeq: number | null = null;
  lastSeq = 0;
  #cursor = "";
  #socket: RawSocket | null = null;
  #isSynced = false;

  protected override async session(): Promise<void> {
    if (!this.stays && this.random.next() < 0.1) return await this.#poll();
    if (!this.stays && this.random.next() < 0.1) await this.#race();
    await super.session();
  }

  override async catchUp(): Promise<void> {
    this.#isSynced = false;
    const socket = await this.open();
    const isDone = () => this.#isSynced && this.counters.size === 2;
    while (!isDone() && !socket.isGone) await Bun.sleep(5);
    this.wentAway();
    socket.cut();
    if (!isDone()) throw new Error("not synced");
  }

  protected override async open(answersPings?: boolean): Promise<RawSocket> {
    this.#socket = null;
    this.#socket = await super.open(answersPings);
    return this.#socket;
  }

  protected override query(): string {
    return `&cursor=${this.#cursor}`;
  }

  /** A cursor is its user's, whichever session holds it. */
  protected override startAnew(): void {}

  protected override receive({ type, data, seq, cursor }: Frame): void {
    if (type === "sync:hello") this.#greeted(data);
    if (type === "sync:reset") this.#reset(data);
    if (type === "sync:synced") {
      this.#isSynced = true;
      this.#goOn(data.cursor!);
      this.wentLive();
    }
    if (seq === undefined || cursor === undefined) return;
    if (this.received.has(seq)) this.violation("doubled", `got ${seq} (${type})`);
    else if (seq <= this.lastSeq) this.violation("disordered", `got ${seq} (${type}) after ${this.lastSeq}`);
    this.received.set(seq, { type, data });
    this.arrived(data);
    this.#goOn(cursor);
    if (this.random.next() < 0.02) this.#socket?.text(JSON.stringify({ type: "ack", data: { cursor } }));
  }

  #greeted({ cursor, resume }: Data): void {
    if (resume === "ok") this.world.tally.resumes++;
    if (resume === "reset") return;
    this.startSeq ??= seqOf(cursor!);
    this.#goOn(cursor!);
  }

  /** It loads its screens again and goes on from there: what it had is not held against a log that forked. */
  #reset({ reason, cursor }: Data): void {
    if (reason === "too_old") {
      this.world.tally.trimmed++;
      this.trimmedAt.push(this.lastSeq);
    } else this.world.tally.resets++;
    const mayBe = (reason === "epoch" || reason === "future") && this.world.timing.forgotten().length > 0;
    if (!mayBe && reason !== "too_old") this.violation("wrong", `was reset: ${reason}`);
    this.received = new Map();
    this.duplicateSockets = [];
    this.startSeq = this.lastSeq = seqOf(cursor!);
    this.#cursor = cursor!;
  }

  #goOn(cursor: string): void {
    this.#cursor = cursor;
    this.lastSeq = Math.max(this.lastSeq, seqOf(cursor));
  }

  /** The same stream over REST, from wherever the socket was. */
  async #poll(): Promise<void> {
    for (let n = 0; n < 5; n++) {
      this.world.tally.polls++;
      const url = this.random.pick(this.world.urls);
      const path = `/events?cursor=${this.#cursor}&wait=1&limit=50`;
      const request = { token: this.owner.token, signal: AbortSignal.timeout(10_000) };
      const { status, body } = await call<Poll>(url, "GET", path, request);
      if (status !== 200) return;
      const { events, cursor, reset } = body;
      if (reset) return this.#reset({ ...reset, cursor });
      for (const event of events) this.receive(event);
      this.#goOn(cursor);
    }
  }

  /** Two more sockets with the same cursor, on both nodes: each must get what this device gets. */
  async #race(): Promise<void> {
    const query = this.query();
    const fromSeq = seqOf(this.#cursor);
    await Promise.all(this.world.urls.map((url) => this.#openTwin(url, query, fromSeq)));
  }

  async #openTwin(url: string, query: string, fromSeq: number): Promise<void> {
    const seqs = new Set<number>();
    let lastSeq = fromSeq;
    let to: DuplicateSocket["to"] | null = null;
    let wasReset = false;
    const onText = (text: string) => {
      const { type, data, seq } = JSON.parse(text) as Frame;
      if (type === "sync:reset") {
        wasReset = true;
        seqs.clear();
        lastSeq = seqOf(data.cursor!);
      }
      if (type === "sync:synced") to = placeOf(data.cursor!);
      if (seq === undefined) return;
      if (seqs.has(seq)) this.violation("doubled", `by a second socket got ${seq} (${type})`);
      else if (seq <= lastSeq) this.violation("disordered", `by a second socket got ${seq} (${type}) after ${lastSeq}`);
      seqs.add(seq);
      lastSeq = seq;
    };
    const before = this.received;
    const socket = await RawSocket.open(url, this.owner.token + query, { answersPings: true, onText });
    for (let n = 0; n < 200 && to === null && !socket.isGone; n++) await Bun.sleep(10);
    socket.cut();
    // One that was reset, or whose device was meanwhile, shows nothing about this log.
    if (to === null || wasReset || before !== this.received) return;
    this.duplicateSockets.push({ fromSeq, to, seqs });
    this.world.tally.duplicateSockets++;
  }
}
