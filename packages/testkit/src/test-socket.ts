export type Frame = { type: string; data?: any; [key: string]: any };

const DEADLINE_MS = 10_000;

/** A WebSocket client that keeps every frame, in order, and lets a test wait for the one it means. */
export class TestSocket {
  readonly frames: Frame[] = [];
  /** Apart from the others: they come when they will. */
  readonly pings: Frame[] = [];
  readonly opened: Promise<void>;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();
  #read = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      (frame.type === "ping" ? this.pings : this.frames).push(frame);
      for (const check of this.#waiting) check();
    };
    this.opened = new Promise((resolve) => {
      socket.onopen = () => resolve();
    });
    this.closed = new Promise((resolve) => {
      socket.onclose = ({ code, reason }) => {
        resolve({ code, reason });
        for (const check of this.#waiting) check();
      };
    });
    socket.onerror = () => {};
  }

  /** `query` follows the token: `&cursor=` asks for a resumable socket. */
  static open(url: string, token: string, query = ""): TestSocket {
    const address = `${url.replace("http", "ws")}/api/v1/ws?token=${encodeURIComponent(token)}${query}`;
    return new TestSocket(new WebSocket(address));
  }

  /** The next frame of that type (any, when not named) after those already taken; the ones between are passed over. */
  async next(type?: string): Promise<Frame> {
    return await this.#until(`a frame ${type ?? ""}`, () => {
      while (this.#read < this.frames.length) {
        const frame = this.frames[this.#read++]!;
        if (!type || frame.type === type) return frame;
      }
    });
  }

  /** Waits for a ping, unless one has come already. */
  async pinged(): Promise<Frame> {
    return await this.#until("a ping", () => this.pings[0]);
  }

  /** Waits until that many frames of a type have come, and answers them all. */
  async all(type: string, count: number): Promise<Frame[]> {
    return await this.#until(`${count} frames ${type}`, () => {
      const found = this.of(type);
      return found.length >= count ? found : undefined;
    });
  }

  of(type: string): Frame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  send(frame: unknown): void {
    if (frame instanceof Uint8Array) this.#socket.send(new Uint8Array(frame));
    else this.#socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  /** Resolves when everything the server had sent before has arrived: what is not there then was not sent. */
  async settled(): Promise<void> {
    await this.opened;
    const answered = this.of("error").length + 1;
    this.send({ type: "no such type" });
    await this.all("error", answered);
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.closed;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  async #until<T>(what: string, look: () => T | undefined): Promise<T> {
    const found = look();
    if (found !== undefined) return found;
    return await new Promise<T>((resolve, reject) => {
      const finish = () => {
        clearTimeout(late);
        this.#waiting.delete(check);
      };
      const check = () => {
        const value = look();
        if (value === undefined) return;
        finish();
        resolve(value);
      };
      const late = setTimeout(() => {
        finish();
        const seen = this.frames.map((frame) => JSON.stringify(frame).slice(0, 120)).join("\n  ");
        reject(new Error(`waited in vain for ${what}; came:\n  ${seen}`));
      }, DEADLINE_MS);
      this.#waiting.add(check);
    });
  }
}
