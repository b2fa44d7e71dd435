import { call } from "@reelay/testkit/api.ts";
import type { SeededRandom } from "@reelay/testkit/seeded-random.ts";
import type { Owner, World } from "./device.ts";

/** A message or comment that was acknowledged: it must be there, once. */
export type Acknowledged = { id: number; clientId: string; userId: number; atMs: number };

export type Work = {
  people: readonly Owner[];
  videos: readonly number[];
  messages: Map<string, Acknowledged>;
  comments: Map<string, Acknowledged>;
  /** Who follows whom, two ids, and when that was answered. */
  follows: Map<string, number>;
  /** Messages that their senders deleted, by clientId. */
  deleted: Map<string, number>;
  writes: number;
};

const WEIGHTS = { message: 80, comment: 6, seen: 6, remove: 3, like: 2, unlike: 1, bell: 1.5, follow: 0.5 };
const PAUSE_MS = 25;
const REQUEST_MS = 4000;
const ANSWERED_WITHIN_MS = 120_000;
/** Of a hundred messages, so many are sent over all nodes of the writer at the same moment, as one. */
const TWICE_PERCENT = 3;

/**
 * Somebody who writes without end, over the first of their nodes while it answers. What fails is sent again, the same,
 * over any of them, until it is answered.
 */
export class Writer {
  readonly #world: World;
  readonly #work: Work;
  readonly #random: SeededRandom;
  readonly #name: string;
  readonly #urls: readonly string[];
  #isOver = false;
  #count = 0;

  constructor(
    name: string,
    urls: readonly string[],
    { world, work, random }: { world: World; work: Work; random: SeededRandom },
  ) {
    this.#name = name;
    this.#urls = urls;
    this.#world = world;
    this.#work = work;
    this.#random = random;
  }

  async live(): Promise<void> {
    while (!this.#isOver) {
      await this.#act();
      this.#work.writes++;
      await Bun.sleep(this.#random.between(0, 2 * PAUSE_MS));
    }
  }

  end(): void {
    this.#isOver = true;
  }

  async #act(): Promise<void> {
    const { people, videos, follows } = this.#work;
    const me = this.#random.pick(people);
    const other = this.#random.pick(people.filter(({ userId }) => userId !== me.userId));
    const video = this.#random.pick(videos);
    switch (this.#random.weighed(WEIGHTS)) {
      case "message":
        return await this.#write(me, other);
      case "comment":
        return await this.#comment(me, video);
      case "seen":
        return void (await this.#ask(me, "PUT", `/messages/${other.userId}/read`));
      case "remove":
        return await this.#deleteOne();
      case "like":
        return void (await this.#ask(me, "POST", `/videos/${video}/like`));
      case "unlike":
        return void (await this.#ask(me, "DELETE", `/videos/${video}/like`));
      case "bell":
        return void (await this.#ask(me, "POST", "/notifications/mark-all-seen"));
      case "follow": {
        const isFollowed = await this.#ask(me, "POST", `/users/${other.userId}/follow`);
        // A block between two people would end it.
        if (isFollowed && !me.isTroubled && !other.isTroubled) follows.set(`${me.userId} ${other.userId}`, Date.now());
      }
    }
  }

  async #write(me: Owner, other: Owner): Promise<void> {
    const clientId = this.#nextClientId();
    const content = `${clientId} ${"x".repeat(this.#random.below(200))}`;
    const body = { receiverId: other.userId, content, clientId };
    const sinceMs = Date.now();
    const urls = this.#random.below(100) < TWICE_PERCENT ? this.#urls : this.#urls.slice(0, 1);
    const answers = await Promise.all(
      urls.map(async (url) => ({ answer: await this.#ask(me, "POST", "/messages/", body, url), atMs: Date.now() })),
    );
    const created = answers.flatMap(({ answer, atMs }) => (answer ? [{ id: answer.id, atMs }] : []));
    const ids = new Set(created.map(({ id }) => id));
    // A message that the database forgot between the two answers is rightly created again: the later answer stands.
    const isForked = this.#world.timing.forgotten().some(({ toMs }) => toMs >= sinceMs);
    if (ids.size > 1 && !isForked) {
      this.#world.violations.push({ kind: "wrong", what: `one message became ${[...ids]}` });
    }
    const last = created.sort((a, b) => a.atMs - b.atMs).at(-1);
    if (last) this.#work.messages.set(clientId, { ...last, clientId, userId: me.userId });
  }

  async #comment(me: Owner, videoId: number): Promise<void> {
    const clientId = this.#nextClientId();
    const answer = await this.#ask(me, "POST", "/comments/", { videoId, content: "wow", clientId });
    if (!answer) return;
    this.#work.comments.set(clientId, { id: answer.id, clientId, userId: me.userId, atMs: Date.now() });
  }

  async #deleteOne(): Promise<void> {
    const { messages, people, deleted } = this.#work;
    const message = [...messages.values()].at(-1 - this.#random.below(50));
    const sender = people.find(({ userId }) => userId === message?.userId);
    if (!message || !sender || sender.isTroubled) return;
    if (await this.#ask(sender, "DELETE", `/messages/${message.id}`)) deleted.set(message.clientId, Date.now());
  }

  #nextClientId(): string {
    return `${this.#name}-${++this.#count}`;
  }

  /**
   * Until a node has answered it. Null when it was refused, as what the banned, the blocked and the
   * logged out ask is, and what speaks of rows that a database forgot.
   */
  async #ask(
    me: Owner,
    method: string,
    path: string,
    body?: object,
    first = this.#urls[0]!,
  ): Promise<{ id: number } | null> {
    const deadline = Date.now() + ANSWERED_WITHIN_MS;
    for (let url = first; ; url = this.#random.pick(this.#urls)) {
      const signal = AbortSignal.timeout(REQUEST_MS);
      const answer = await call(url, method, path, { token: me.token, body, signal }).catch(() => null);
      // Who also waits for another node says nothing about the speed of this one.
      if (answer && answer.status < 500 && this.#urls.length === 1) this.#world.timing.answered(url);
      if (answer && answer.status < 400) return answer.body;
      if (answer && [401, 403, 404].includes(answer.status)) return null;
      const isRefused = answer && answer.status < 500 && answer.status !== 429;
      if (isRefused || Date.now() > deadline) {
        throw new Error(`${method} ${path}: ${answer?.status} ${JSON.stringify(answer?.body)}`);
      }
      await Bun.sleep(this.#random.between(20, 200));
    }
  }
}
