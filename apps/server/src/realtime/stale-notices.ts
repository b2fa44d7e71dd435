/** A flood sends no notice more often than this. */
const NOTICE_EVERY_MS = 1000;

/** Notices that something is to be loaded again, each at most once a second and none lost. */
export class StaleNotices {
  readonly #send: (frame: string) => boolean;
  readonly #waiting = new Set<string>();
  #timer: Timer | null = null;

  /** `send` returns false when it cannot now. */
  constructor(send: (frame: string) => boolean) {
    this.#send = send;
  }

  add(frame: string): void {
    this.#waiting.add(frame);
    this.#timer ??= setTimeout(() => this.#sendWaiting(), NOTICE_EVERY_MS).unref();
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #sendWaiting(): void {
    this.#timer = null;
    const frames = [...this.#waiting];
    this.#waiting.clear();
    for (const frame of frames) if (!this.#send(frame)) this.add(frame);
  }
}
