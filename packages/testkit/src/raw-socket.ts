import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const;
const DEADLINE_MS = 10_000;

type RawFrame = { opcode: number; payload: Buffer };

type RawSocketOptions = {
  /** Takes text frames as they come; they are not kept then. */
  onText?: (text: string) => void;
  /** Echoes pings, as a browser does. */
  answersPings?: boolean;
};

/**
 * A WebSocket client that echoes no ping unless `answersPings` is set. For what a browser never does: unconfirmed
 * events, forged pongs, silence, a line that is cut.
 */
export class RawSocket {
  readonly frames: RawFrame[] = [];
  readonly #socket: Socket;
  readonly #options: RawSocketOptions;
  readonly #waiting = new Set<() => void>();
  #buffer = Buffer.alloc(0);
  #isUpgraded = false;
  isGone = false;

  private constructor(socket: Socket, options: RawSocketOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on("data", (chunk) => this.#take(chunk as Buffer));
    socket.on("close", () => this.#gone());
    socket.on("error", () => this.#gone());
  }

  /** Resolves when the server has accepted, or the line is gone. */
  static async open(url: string, token: string, options: RawSocketOptions = {}): Promise<RawSocket> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const raw = new RawSocket(socket, options);
    socket.write(
      `GET /api/v1/ws?token=${token} HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
    try {
      await raw.until(() => (raw.#isUpgraded || raw.isGone ? true : undefined));
    } catch (error) {
      raw.cut();
      throw error;
    }
    return raw;
  }

  /** The JSON of every text frame so far. */
  texts(): { type: string; data?: any }[] {
    return this.frames
      .filter(({ opcode }) => opcode === OPCODE.text)
      .map(({ payload }) => JSON.parse(payload.toString()));
  }

  pings(): string[] {
    return this.frames.filter(({ opcode }) => opcode === OPCODE.ping).map(({ payload }) => payload.toString());
  }

  closeCode(): number | undefined {
    return this.frames.find(({ opcode }) => opcode === OPCODE.close)?.payload.readUInt16BE(0);
  }

  pong(payload: string): void {
    this.#send(OPCODE.pong, payload);
  }

  ping(payload: string): void {
    this.#send(OPCODE.ping, payload);
  }

  text(payload: string): void {
    this.#send(OPCODE.text, payload);
  }

  /** Bytes as they are, for frames no client library would make. */
  write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Stops reading: the receive window fills, and the server's buffer after it. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Says good-bye; the server then ends the line. */
  close(): void {
    this.#send(OPCODE.close, "");
  }

  /** The line is dead at once, without a close frame. */
  cut(): void {
    this.#socket.destroy();
  }

  async until<T>(look: () => T | undefined, deadlineMs = DEADLINE_MS): Promise<T> {
    const found = look();
    if (found !== undefined) return found;
    return await new Promise<T>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("the raw socket waited in vain")), deadlineMs);
      const check = () => {
        const value = look();
        if (value === undefined) return;
        clearTimeout(late);
        this.#waiting.delete(check);
        resolve(value);
      };
      this.#waiting.add(check);
    });
  }

  #send(opcode: number, payload: string): void {
    const body = Buffer.from(payload);
    const mask = randomBytes(4);
    const head =
      body.length < 126
        ? Buffer.from([0x80 | opcode, 0x80 | body.length])
        : Buffer.from([0x80 | opcode, 0x80 | 126, body.length >> 8, body.length & 255]);
    this.#socket.write(Buffer.concat([head, mask, body.map((byte, index) => byte ^ mask[index % 4]!)]));
  }

  #take(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    if (!this.#isUpgraded) {
      const end = this.#buffer.indexOf("\r\n\r\n");
      if (end < 0) return;
      this.#isUpgraded = this.#buffer.subarray(0, 12).toString() === "HTTP/1.1 101";
      if (!this.#isUpgraded) return this.cut();
      this.#buffer = this.#buffer.subarray(end + 4);
    }
    for (let frame = this.#cutFrame(); frame; frame = this.#cutFrame()) this.#keep(frame);
    this.#wake();
  }

  #keep(frame: RawFrame): void {
    const { onText, answersPings } = this.#options;
    if (onText && frame.opcode === OPCODE.text) return onText(frame.payload.toString());
    if (answersPings && frame.opcode === OPCODE.ping) return this.pong(frame.payload.toString());
    this.frames.push(frame);
  }

  #cutFrame(): RawFrame | undefined {
    const buffer = this.#buffer;
    if (buffer.length < 2) return;
    const short = buffer[1]! & 127;
    const start = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (buffer.length < start) return;
    const length = short === 127 ? Number(buffer.readBigUInt64BE(2)) : short === 126 ? buffer.readUInt16BE(2) : short;
    if (buffer.length < start + length) return;
    this.#buffer = buffer.subarray(start + length);
    return { opcode: buffer[0]! & 15, payload: buffer.subarray(start, start + length) };
  }

  #gone(): void {
    this.isGone = true;
    this.#wake();
  }

  #wake(): void {
    for (const check of this.#waiting) check();
  }
}
