import type { RawSocket } from "@reelay/testkit/raw-socket.ts";
import { type Data, Device, type Frame } from "./device.ts";

/** Any frame that is answered, behind everything the server had to send before. */
const MARKER = JSON.stringify({ type: "nothing of the kind" });
const DURABLE = /^(message:(new|seen|deleted)|notification:(new|seen)|admin:\w+)$/;

/** Knows only `type` and `data`. It may miss nothing, and see again only what came before a reconnect. */
export class PlainDevice extends Device {
  /** What came, over all connections: the keys of events, each once, in the order of its first arrival. */
  readonly received = new Set<string>();
  /** The keys of one connection after another. */
  readonly connections: { sinceMs: number; keys: string[] }[] = [];
  /** What its user was sent before is not owed to it: its session began then. */
  owedFromMs: number | null = null;
  #isSettled = false;
  #isGreeted = false;

  override async catchUp(): Promise<void> {
    this.#isSettled = false;
    const socket = await this.open();
    while (!this.#isSettled && !socket.isGone) await Bun.sleep(5);
    this.wentAway();
    socket.cut();
    if (!this.#isSettled) throw new Error("not settled");
  }

  protected override async open(answersPings?: boolean): Promise<RawSocket> {
    this.connections.push({ sinceMs: Date.now(), keys: [] });
    this.#isGreeted = false;
    const socket = await super.open(answersPings);
    socket.text(MARKER);
    return socket;
  }

  protected override query(): string {
    return "";
  }

  protected override startAnew(): void {
    this.owedFromMs = null;
  }

  protected override receive({ type, data, ...others }: Frame): void {
    if (!this.#isGreeted && type !== "connected" && type !== "admin:user_banned") {
      this.violation("wrong", `got ${type} before connected`);
    }
    if (type === "connected") {
      this.#isGreeted = true;
      this.owedFromMs ??= Date.now();
    }
    if (type === "error") {
      this.#isSettled = true;
      this.wentLive();
    }
    const surplus = Object.keys(others).filter((key) => key !== "userId" && key !== "timestamp" && key !== "error");
    if (surplus.length > 0 || type.startsWith("sync:"))
      this.violation("wrong", `as a plain socket got ${type} with ${surplus}`);
    const key = keyOf(type, data);
    if (!key) return;
    if (this.received.has(key)) this.world.tally.doubled++;
    else this.arrived(data);
    this.received.add(key);
    this.connections.at(-1)!.keys.push(key);
  }
}

/**
 * What makes a durable event that one; undefined for others. By what it says and not by its id alone: a database that
 * went back gives ids out again.
 */
export function keyOf(type: string, data: Data): string | undefined {
  if (!DURABLE.test(type)) return;
  if (type === "message:new") return `${type} ${data.id} ${data.content}`;
  if (type === "notification:new") return `${type} ${data.id} ${data.createdAt}`;
  return `${type} ${JSON.stringify(data)}`;
}
