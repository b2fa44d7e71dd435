import type { Owner } from "./devices.ts";
import type { Dice } from "./dice.ts";

/** A message or comment that was acknowledged: it must be there, once. */
export type Acknowledged = { id: number; clientId: string; userId: number };

export type Work = {
  urls: readonly string[];
  people: readonly Owner[];
  videos: readonly number[];
  messages: Acknowledged[];
  comments: Acknowledged[];
  /** Who follows whom: two ids. */
  follows: Set<string>;
  /** Messages that their senders deleted. */
  takenBack: Set<number>;
  writes: number;
};

const WEIGHTS = { message: 80, comment: 6, seen: 6, remove: 3, like: 2, unlike: 1, bell: 1.5, follow: 0.5 };
const PAUSE_MS = 25;
const ANSWERED_WITHIN_MS = 120_000;

/** Somebody who writes without end. What fails is tried again, the same, until it is answered. */
export class Writer {
  readonly #work: Work;
  readonly #dice: Dice;
  readonly #name: string;
  #isOver = false;
  #count = 0;

  constructor(name: string, work: Work, dice: Dice) {
    this.#name = name;
    this.#work = work;
    this.#dice = dice;
  }

  async live(): Promise<void> {
    while (!this.#isOver) {
      await this.#act();
      this.#work.writes++;
      await Bun.sleep(this.#dice.between(0, 2 * PAUSE_MS));
    }
  }

  end(): void {
    this.#isOver = true;
  }

  async #act(): Promise<void> {
    const { people, videos } = this.#work;
    const me = this.#dice.pick(people);
    const other = this.#dice.pick(people.filter(({ userId }) => userId !== me.userId));
    const video = this.#dice.pick(videos);
    switch (this.#dice.weighed(WEIGHTS)) {
      case "message":
        return await this.#write(me, other);
      case "comment":
        return await this.#comment(me, video);
      case "seen":
        return void (await this.#ask(me, "PUT", `/messages/${other.userId}/read`));
      case "remove":
        return await this.#takeBack();
      case "like":
        return void (await this.#ask(me, "POST", `/videos/${video}/like`));
      case "unlike":
        return void (await this.#ask(me, "DELETE", `/videos/${video}/like`));
      case "bell":
        return void (await this.#ask(me, "POST", "/notifications/mark-all-seen"));
      case "follow":
        await this.#ask(me, "POST", `/users/${other.userId}/follow`);
        return void this.#work.follows.add(`${me.userId} ${other.userId}`);
    }
  }

  async #write(me: Owner, other: Owner): Promise<void> {
    const clientId = this.#nextClientId();
    const content = `${clientId} ${"x".repeat(this.#dice.below(200))}`;
    const { id } = await this.#ask(me, "POST", "/messages/", { receiverId: other.userId, content, clientId });
    this.#work.messages.push({ id, clientId, userId: me.userId });
  }

  async #comment(me: Owner, videoId: number): Promise<void> {
    const clientId = this.#nextClientId();
    const { id } = await this.#ask(me, "POST", "/comments/", { videoId, content: "wow", clientId });
    this.#work.comments.push({ id, clientId, userId: me.userId });
  }

  async #takeBack(): Promise<void> {
    const { messages, people, takenBack } = this.#work;
    const message = messages[messages.length - 1 - this.#dice.below(50)];
    const sender = people.find(({ userId }) => userId === message?.userId);
    if (!message || !sender) return;
    await this.#ask(sender, "DELETE", `/messages/${message.id}`);
    takenBack.add(message.id);
  }

  #nextClientId(): string {
    return `${this.#name}-${++this.#count}`;
  }

  /** Until somebody has answered it, whichever node. */
  async #ask({ token }: Owner, method: string, path: string, body?: object): Promise<{ id: number }> {
    const deadline = Date.now() + ANSWERED_WITHIN_MS;
    for (;;) {
      const response = await fetch(`${this.#dice.pick(this.#work.urls)}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(20_000),
      }).catch(() => null);
      const answer = response && response.status < 400 ? await response.json().catch(() => null) : null;
      if (answer) return answer as { id: number };
      const isRefused = response && response.status >= 400 && response.status < 500 && response.status !== 429;
      if (response && (isRefused || Date.now() > deadline)) {
        throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      }
      await Bun.sleep(this.#dice.between(20, 200));
    }
  }
}
