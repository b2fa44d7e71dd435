import { RawSocket } from "../apps/server/tests/support/raw-socket.ts";
import type { Dice } from "./dice.ts";

export type Owner = { userId: number; token: string };

/** What a device saw that no device may see. */
export type Breach = { kind: "doubled" | "disordered" | "wrong"; what: string };

type Data = { cursor?: string; resume?: string; id?: number; messageId?: number; content?: string };
type Frame = { type: string; data: Data; seq?: number; cursor?: string };

/** What a resumable device received under a number. */
export type Received = { type: string; data: Data };

/** What a second socket got, from a cursor to where it was up to date. */
export type Twin = { fromSeq: number; toSeq: number; seqs: ReadonlySet<number> };

/** What the devices of a run share. */
export type World = { urls: readonly string[]; breaches: Breach[]; tally: Tally };
export type Tally = {
  connects: number;
  resumes: number;
  polls: number;
  twins: number;
  resets: number;
  stalls: number;
  doubled: number;
};

/** Of a hundred devices, so many never leave by themselves: what the live path loses must be made up for on it. */
const STAYING_PERCENT = 15;

/** One app: it connects to whichever node, leaves or is cut off, does not read for a while, and comes back. */
abstract class Device {
  readonly name: string;
  readonly owner: Owner;
  readonly stays: boolean;
  protected readonly world: World;
  protected readonly dice: Dice;
  #isOver = false;
  #socket: RawSocket | null = null;

  constructor(name: string, owner: Owner, world: World, dice: Dice) {
    this.name = name;
    this.owner = owner;
    this.world = world;
    this.dice = dice;
    this.stays = dice.below(100) < STAYING_PERCENT;
  }

  /** Lives until `end`, whatever happens to the servers. */
  async live(): Promise<void> {
    while (!this.#isOver) {
      await this.session().catch(() => {});
      await Bun.sleep(this.dice.between(0, 400));
    }
  }

  end(): void {
    this.#isOver = true;
    this.#socket?.cut();
  }

  /** A last time, undisturbed, until everything has come. */
  abstract catchUp(): Promise<void>;
  protected abstract query(): string;
  protected abstract receive(frame: Frame): void;

  /** One connection, for some seconds. */
  protected async session(): Promise<void> {
    const socket = await this.open();
    if (this.#isOver) socket.cut();
    if (this.stays) return await gone(socket);
    await Promise.race([gone(socket), Bun.sleep(this.dice.between(300, 6000))]);
    if (this.dice.next() < 0.1 && !socket.isGone) {
      this.world.tally.stalls++;
      socket.pause();
      await Promise.race([gone(socket), Bun.sleep(this.dice.between(500, 3000))]);
      socket.resume();
      await Promise.race([gone(socket), Bun.sleep(500)]);
    }
    if (this.dice.next() < 0.5) {
      socket.close();
      await Promise.race([gone(socket), Bun.sleep(1000)]);
    }
    socket.cut();
    await gone(socket);
  }

  protected async open(): Promise<RawSocket> {
    const socket = await RawSocket.open(this.dice.pick(this.world.urls), this.owner.token + this.query(), {
      answersPings: true,
      onText: (text) => this.receive(JSON.parse(text)),
    });
    if (socket.isGone) throw new Error("not accepted");
    this.#socket = socket;
    this.world.tally.connects++;
    return socket;
  }

  protected breach(kind: Breach["kind"], what: string): void {
    this.world.breaches.push({ kind, what: `${this.name} ${what}` });
  }
}

/** Keeps a cursor. Every event must come once, in order; what it got is kept by number, to be held against the log. */
export class ResumableDevice extends Device {
  /** By seq: what came. */
  readonly received = new Map<number, Received>();
  readonly twins: Twin[] = [];
  startSeq: number | null = null;
  lastSeq = 0;
  #cursor = "";
  #socket: RawSocket | null = null;
  #isSynced = false;

  protected override async session(): Promise<void> {
    if (!this.stays && this.dice.next() < 0.1) return await this.#poll();
    if (!this.stays && this.dice.next() < 0.1) await this.#race();
    await super.session();
  }

  override async catchUp(): Promise<void> {
    this.#isSynced = false;
    const socket = await this.open();
    while (!this.#isSynced && !socket.isGone) await Bun.sleep(5);
    socket.cut();
    if (!this.#isSynced) throw new Error("not synced");
  }

  protected override async open(): Promise<RawSocket> {
    this.#socket = null;
    this.#socket = await super.open();
    return this.#socket;
  }

  protected override query(): string {
    return `&cursor=${this.#cursor}`;
  }

  protected override receive({ type, data, seq, cursor }: Frame): void {
    if (type === "sync:hello") this.#greeted(data);
    if (type === "sync:reset") {
      this.world.tally.resets++;
      this.breach("wrong", `was reset: ${JSON.stringify(data)}`);
      this.#goOn(data.cursor!);
    }
    if (type === "sync:synced") {
      this.#isSynced = true;
      this.#goOn(data.cursor!);
    }
    if (seq === undefined || cursor === undefined) return;
    if (this.received.has(seq)) this.breach("doubled", `got ${seq} (${type})`);
    else if (seq <= this.lastSeq) this.breach("disordered", `got ${seq} (${type}) after ${this.lastSeq}`);
    this.received.set(seq, { type, data });
    this.#goOn(cursor);
    if (this.dice.next() < 0.02) this.#socket?.text(JSON.stringify({ type: "ack", data: { cursor } }));
  }

  #greeted({ cursor, resume }: Data): void {
    if (resume === "ok") this.world.tally.resumes++;
    this.startSeq ??= seqOf(cursor!);
    this.#goOn(cursor!);
  }

  #goOn(cursor: string): void {
    this.#cursor = cursor;
    this.lastSeq = Math.max(this.lastSeq, seqOf(cursor));
  }

  /** The same stream over REST, from wherever the socket was. */
  async #poll(): Promise<void> {
    for (let n = 0; n < 5; n++) {
      this.world.tally.polls++;
      const url = `${this.dice.pick(this.world.urls)}/api/v1/events?cursor=${this.#cursor}&wait=1&limit=50`;
      const headers = { authorization: `Bearer ${this.owner.token}` };
      const response = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
      if (!response.ok) return;
      const { events, cursor, reset } = (await response.json()) as { events: Frame[]; cursor: string; reset?: object };
      if (reset) this.breach("wrong", `was reset over REST: ${JSON.stringify(reset)}`);
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
    let toSeq: number | null = null;
    const onText = (text: string) => {
      const { type, data, seq } = JSON.parse(text) as Frame;
      if (type === "sync:synced") toSeq = seqOf(data.cursor!);
      if (seq === undefined) return;
      if (seqs.has(seq)) this.breach("doubled", `by a second socket got ${seq} (${type})`);
      else if (seq <= lastSeq) this.breach("disordered", `by a second socket got ${seq} (${type}) after ${lastSeq}`);
      seqs.add(seq);
      lastSeq = seq;
    };
    const socket = await RawSocket.open(url, this.owner.token + query, { answersPings: true, onText });
    for (let n = 0; n < 200 && toSeq === null && !socket.isGone; n++) await Bun.sleep(10);
    socket.cut();
    if (toSeq === null) return;
    this.twins.push({ fromSeq, toSeq, seqs });
    this.world.tally.twins++;
  }
}

/** Knows only `type` and `data`. It may miss nothing, and see again only what came before a reconnect. */
export class PlainDevice extends Device {
  /** What came, over all connections: the keys of events, each once, in the order of its first arrival. */
  readonly received = new Set<string>();
  /** The keys of one connection after another. */
  readonly connections: string[][] = [];
  #isSettled = false;

  override async catchUp(): Promise<void> {
    this.#isSettled = false;
    const socket = await this.open();
    // The answer comes behind everything the server had to send.
    socket.text(JSON.stringify({ type: "nothing of the kind" }));
    while (!this.#isSettled && !socket.isGone) await Bun.sleep(5);
    socket.cut();
    if (!this.#isSettled) throw new Error("not settled");
  }

  protected override async open(): Promise<RawSocket> {
    this.connections.push([]);
    return await super.open();
  }

  protected override query(): string {
    return "";
  }

  protected override receive({ type, data, ...others }: Frame): void {
    if (type === "error") this.#isSettled = true;
    const surplus = Object.keys(others).filter((key) => key !== "userId" && key !== "timestamp" && key !== "error");
    if (surplus.length > 0 || type.startsWith("sync:"))
      this.breach("wrong", `as a plain socket got ${type} with ${surplus}`);
    const key = keyOf(type, data);
    if (!key) return;
    if (this.received.has(key)) this.world.tally.doubled++;
    this.received.add(key);
    this.connections.at(-1)!.push(key);
  }
}

/** What makes an event that one; undefined for those that are not durable or say nothing of one row. */
export function keyOf(type: string, data: Data): string | undefined {
  if (type === "message:new" || type === "notification:new") return `${type} ${data.id}`;
  if (type === "message:deleted") return `${type} ${data.messageId}`;
}

export function seqOf(cursor: string): number {
  return Number(Buffer.from(cursor, "base64url").toString().split(".")[1]);
}

async function gone(socket: RawSocket): Promise<void> {
  while (!socket.isGone) await Bun.sleep(20);
}
