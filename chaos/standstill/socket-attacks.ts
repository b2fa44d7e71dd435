import type { Tally } from "./attack.ts";

/** Masked, as a client's must be, with a mask of zeros. Of the pings each asks for a long pong. */
const FRAMES = {
  pongs: Buffer.from([0x8a, 0x80, 0, 0, 0, 0]),
  pings: Buffer.concat([Buffer.from([0x89, 0x80 | 125, 0, 0, 0, 0]), Buffer.alloc(125, "p")]),
} as const;
const CHUNK_BYTES = 64 * 1024;
const RECONNECT_MS = 250;

/** Sockets of one account that send control frames as fast as they are taken, and come back when they are closed. */
export async function floodFrames(
  { kind, url, token, sockets }: { kind: "pongs" | "pings"; url: string; token: string; sockets: number },
  tally: Tally,
): Promise<void> {
  const frame = FRAMES[kind];
  const chunk = Buffer.concat(Array.from({ length: Math.floor(CHUNK_BYTES / frame.length) }, () => frame));
  const onSent = (bytes: number) => add(tally, "frames", bytes / frame.length);
  const flood = async () => {
    for (;;) {
      await floodOne(url, token, chunk, onSent);
      add(tally, "closed by the server", 1);
      await Bun.sleep(RECONNECT_MS);
    }
  };
  await Promise.all(Array.from({ length: sockets }, flood));
}

/**
 * What the server sends back once it has accepted is not read. Ends when the server has closed. A socket of Bun's own,
 * because it says how much the system took of what was written.
 */
async function floodOne(url: string, token: string, chunk: Buffer, onSent: (bytes: number) => void): Promise<void> {
  const { hostname, port } = new URL(url);
  let isClosed = false;
  let wake = () => {};
  const onClose = () => {
    isClosed = true;
    wake();
  };
  const handlers = { data: () => wake(), drain: () => wake(), close: onClose, end: onClose, error: onClose };
  const socket = await Bun.connect({ hostname, port: Number(port), socket: handlers });
  const accepted = new Promise<void>((resolve) => {
    wake = resolve;
  });
  socket.write(
    `GET /api/v1/ws?token=${token} HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
  );
  await accepted;
  socket.pause();
  for (let offset = 0; !isClosed; offset %= chunk.length) {
    const drained = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const bytes = socket.write(chunk.subarray(offset));
    if (bytes < 0) break;
    onSent(bytes);
    offset += bytes;
    await (offset < chunk.length ? drained : new Promise((resolve) => setImmediate(resolve)));
  }
  socket.terminate();
}

/** All at once, until each is up to date. */
export async function resumeAll(
  { url, devices, withinMs }: { url: string; devices: { token: string; cursor: string }[]; withinMs: number },
  tally: Tally,
): Promise<void> {
  const startedMs = performance.now();
  await Promise.race([Promise.all(devices.map((device) => resume(url, device, tally))), Bun.sleep(withinMs)]);
  tally.ms = Math.round(performance.now() - startedMs);
}

async function resume(url: string, device: { token: string; cursor: string }, tally: Tally): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const query = `token=${device.token}&cursor=${encodeURIComponent(device.cursor)}`;
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/ws?${query}`);
  socket.onmessage = ({ data }) => {
    const { type } = JSON.parse(data as string) as { type: string };
    if (type === "message:new" || type === "sync:reset") add(tally, type, 1);
    if (type !== "sync:synced") return;
    add(tally, "synced", 1);
    resolve();
  };
  socket.onclose = ({ code }) => {
    add(tally, `closed ${code}`, 1);
    resolve();
  };
  await promise;
}

function add(tally: Tally, name: string, count: number): void {
  tally[name] = (tally[name] ?? 0) + count;
}
