import { call, type Person } from "./people.ts";

/** One request that somebody makes; answers whether it succeeded. */
export type Act = (n: number) => Promise<boolean>;

const SECOND_MS = 1000;

/** People who write without a pause, each one request at a time; what succeeds is counted by the second. */
export class Writers {
  readonly #successAtMs: number[] = [];
  #isOver = false;
  readonly #writing: Promise<unknown>;

  constructor(acts: readonly Act[]) {
    this.#writing = Promise.all(acts.map((act) => this.#write(act)));
  }

  /** How many a second between two moments of `performance.now()`: the median second, and how long it stood still. */
  rates(fromMs: number, toMs: number): number[] {
    const seconds = Array.from({ length: Math.max(1, Math.floor((toMs - fromMs) / SECOND_MS)) }, () => 0);
    for (const atMs of this.#successAtMs) {
      const second = Math.floor((atMs - fromMs) / SECOND_MS);
      if (second in seconds) seconds[second]!++;
    }
    return seconds;
  }

  /** No further request begins; resolves when the last one has been answered. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#writing;
  }

  async #write(act: Act): Promise<void> {
    for (let n = 0; !this.#isOver; n++) {
      if (await act(n)) this.#successAtMs.push(performance.now());
    }
  }
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}

/** The longest run of seconds with less than a fifth of what is usual. */
export function standstillSeconds(rates: readonly number[], usual: number): number {
  let longest = 0;
  let current = 0;
  for (const rate of rates) {
    current = rate < usual / 5 ? current + 1 : 0;
    longest = Math.max(longest, current);
  }
  return longest;
}

/** Messages above all, and now and then what takes several rows: comments, likes, follows, and these taken back. */
export function everyday(url: string, people: readonly Person[], videos: readonly number[], seed: number): Act {
  return async (n) => {
    const step = seed * 7919 + n;
    const { id, token } = people[step % people.length]!;
    const others = people.filter((person) => person.id !== id);
    const other = others[(step * 31) % others.length]!;
    const video = videos[(step * 17) % videos.length]!;
    const ask = async (method: string, path: string, body?: object) =>
      (await call(url, method, `/api/v1${path}`, { token, body })).status < 300;
    switch (n % 10) {
      case 1:
        return await ask("POST", "/comments/", { videoId: video, content: "a comment" });
      case 3:
        return await ask("POST", `/videos/${video}/like`);
      case 5:
        return await ask("DELETE", `/videos/${video}/like`);
      case 7:
        return await ask("POST", `/users/${other.id}/follow`);
      case 9:
        return await ask("DELETE", `/users/${other.id}/follow`);
      default:
        return await ask("POST", "/messages/", { receiverId: other.id, content: `message ${n} of writer ${seed}` });
    }
  };
}
