import { RawSocket } from "@reelay/testkit/raw-socket.ts";
import type { SeededRandom } from "@reelay/testkit/seeded-random.ts";
import type { Timing } from "./timing.ts";

/** Somebody's session, with a token that can be made anew. */
export type Owner = {
  userId: number;
  sessionId: number;
  token: string;
  /** Bans, log-outs and blocks happen to them. */
  isTroubled: boolean;
};

/** What a device saw that no device may see. */
export type Violation = { kind: "doubled" | "disordered" | "wrong"; what: string };

export type Data = { cursor?: string; resume?: string; reason?: string; count?: number; createdAt?: string } & Record<
  string,
  unknown
>;
export type Frame = { type: string; data: Data; seq?: number; cursor?: string };

/** What the devices of a run share. */
export type World = {
  urls: readonly string[];
  violations: Violation[];
  tally: Tally;
  timing: Timing;
  /** Signs the owner in again: their token is of no use any more. False while they may not. */
  renew(owner: Owner): Promise<boolean>;
};
export type Tally = Record<
  | "connects"
  | "resumes"
  | "polls"
  | "duplicateSockets"
  | "resets"
  | "stalls"
  | "vanished"
  | "muteSessions"
  | "doubled"
  | "renewed"
  | "trimmed",
  number
>;

/** Of a hundred devices, so many never leave by themselves: what the live path loses must be made up for on it. */
const STAYING_PERCENT = 15;
/** However a device behaves: the server restarts, or the line is gone without a word. */
const ALWAYS = [1000, 1005, 1012];
/** What a client brings on itself by not answering, not reading, or having too many sockets at once. */
const BY_SILENCE = [4008, 4009, 4010];
/** What only those meet who were banned or logged out, or whose session a database forgot that went back. */
const BY_ACCESS = [4001, 4003, 4004];

/** One app: it connects to whichever node, leaves or is cut off, does not read for a while, and comes back. */
export abstract class Device {
  readonly name: string;
  readonly owner: Owner;
  readonly stays: boolean;
  /** When its first connection was let in. */
  connectedAtMs: number | null = null;
  /** The newest value of each counter that this connection brought. */
  readonly counters = new Map<string, number>();
  protected readonly world: World;
  protected readonly random: SeededRandom;
  #isOver = false;
  #socket: RawSocket | null = null;
  /** While it was connected and up to date: what was committed then had to come without its asking. */
  #live: { fromMs: number; toMs: number }[] = [];

  constructor(name: string, owner: Owner, world: World, random: SeededRandom) {
    this.name = name;
    this.owner = owner;
    this.world = world;
    this.random = random;
    this.stays = !owner.isTroubled && random.below(100) < STAYING_PERCENT;
  }

  /** Lives until `end`, whatever happens to the servers. */
  async live(): Promise<void> {
    while (!this.#isOver) {
      await this.session().catch(() => {});
      await Bun.sleep(this.random.between(0, 400));
    }
  }

  end(): void {
    this.#isOver = true;
    this.#socket?.cut();
  }

  /** A token that was made in what a database forgot is good for nothing: signs in again, where that may have happened. */
  async renew(): Promise<void> {
    const { sessionId, isTroubled } = this.owner;
    if (!isTroubled && this.world.timing.forgotten().length === 0) return;
    if ((await this.world.renew(this.owner)) && this.owner.sessionId !== sessionId) this.startAnew();
  }

  /** A last time, undisturbed, until everything has come. */
  abstract catchUp(): Promise<void>;
  protected abstract query(): string;
  protected abstract receive(frame: Frame): void;
  /** The session was ended: what another one of the user confirms from now on is not owed to this device. */
  protected abstract startAnew(): void;

  /** One connection, for some seconds. */
  protected async session(): Promise<void> {
    const answersPings = this.stays || this.random.next() < 0.9;
    if (!answersPings) this.world.tally.muteSessions++;
    const socket = await this.open(answersPings);
    if (this.#isOver) socket.cut();
    if (this.stays) await gone(socket);
    else await this.#comeAndGo(socket);
    await this.#judgeEnd(socket, answersPings);
  }

  async #comeAndGo(socket: RawSocket): Promise<void> {
    await Promise.race([gone(socket), Bun.sleep(this.random.between(300, 6000))]);
    const chance = this.random.next();
    if (chance < 0.1 && !socket.isGone) await this.#stall(socket);
    // Lost in a tunnel: nothing is read or answered any more, and the server notices no end.
    if (chance > 0.9 && !socket.isGone) return await this.#vanish(socket);
    this.wentAway();
    if (this.random.next() < 0.5) {
      socket.close();
      await Promise.race([gone(socket), Bun.sleep(1000)]);
    }
    socket.cut();
    await gone(socket);
  }

  async #stall(socket: RawSocket): Promise<void> {
    this.world.tally.stalls++;
    this.wentAway();
    socket.pause();
    await Promise.race([gone(socket), Bun.sleep(this.random.between(500, 3000))]);
    socket.resume();
    await Promise.race([gone(socket), Bun.sleep(500)]);
  }

  async #vanish(socket: RawSocket): Promise<void> {
    this.world.tally.vanished++;
    this.wentAway();
    socket.pause();
    // It comes back over another line while the server still writes to the old one.
    setTimeout(() => socket.cut(), this.random.between(2000, 20_000));
    await Bun.sleep(this.random.between(500, 3000));
  }

  protected async open(answersPings = true): Promise<RawSocket> {
    this.counters.clear();
    const socket = await RawSocket.open(this.random.pick(this.world.urls), this.owner.token + this.query(), {
      answersPings,
      onText: (text) => this.#take(JSON.parse(text)),
    });
    if (socket.isGone) throw new Error("not accepted");
    this.#socket = socket;
    this.world.tally.connects++;
    return socket;
  }

  /** From now on it is up to date: what is committed comes by itself. */
  protected wentLive(): void {
    this.connectedAtMs ??= Date.now();
    this.#live.push({ fromMs: Date.now(), toMs: Number.POSITIVE_INFINITY });
    if (this.#live.length > 50) this.#live.shift();
  }

  /** An event came for the first time. */
  protected arrived({ createdAt }: Data): void {
    if (!createdAt) return;
    const createdMs = Date.parse(createdAt);
    const window = this.#live.find(({ fromMs, toMs }) => createdMs > fromMs && createdMs < toMs);
    if (window) this.world.timing.waited(this.name, createdMs, Math.min(Date.now(), window.toMs) - createdMs);
  }

  protected violation(kind: Violation["kind"], what: string): void {
    this.world.violations.push({ kind, what: `${this.name} ${what}` });
  }

  #take(frame: Frame): void {
    const { type, data } = frame;
    if (type === "message:unread_count" || type === "notification:unseen_count") this.counters.set(type, data.count!);
    this.receive(frame);
  }

  /** From now on what is committed may come late. */
  protected wentAway(): void {
    const last = this.#live.at(-1);
    if (last && last.toMs === Number.POSITIVE_INFINITY) last.toMs = Date.now();
  }

  async #judgeEnd(socket: RawSocket, answersPings: boolean): Promise<void> {
    this.wentAway();
    const code = socket.closeCode();
    if (code === undefined || ALWAYS.includes(code)) return;
    if (BY_ACCESS.includes(code)) return await this.#signInAgain(code);
    const isOwnFault = BY_SILENCE.includes(code) && (!answersPings || !this.stays || code === 4009);
    if (!isOwnFault) this.violation("wrong", `was closed with ${code}`);
  }

  async #signInAgain(code: number): Promise<void> {
    const isExpected = this.owner.isTroubled || this.world.timing.forgotten().length > 0;
    if (!isExpected) this.violation("wrong", `was closed with ${code}`);
    const { sessionId } = this.owner;
    while (!this.#isOver && !(await this.world.renew(this.owner))) await Bun.sleep(100);
    this.world.tally.renewed++;
    if (this.owner.sessionId !== sessionId) this.startAnew();
  }
}

export function seqOf(cursor: string): number {
  return placeOf(cursor).seq;
}

/** The number of an event, and the mark by which it differs from that of the same number in a log that went back. */
export function placeOf(cursor: string): { seq: number; mark: number } {
  const [, seq, mark] = Buffer.from(cursor, "base64url").toString().split(".");
  return { seq: Number(seq), mark: Number(mark) };
}

export async function gone(socket: RawSocket): Promise<void> {
  while (!socket.isGone) await Bun.sleep(20);
}
