import { connect, type Socket } from "node:net";
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
  const perChunk = chunk.length / frame.length;
  const flood = async () => {
    for (;;) {
      await floodOne(await upgrade(url, token), chunk, () => add(tally, "frames", perChunk));
      add(tally, "closed by the server", 1);
      await Bun.sleep(RECONNECT_MS);
    }
  };
  await Promise.all(Array.from({ length: sockets }, flood));
}

/** What the server sends back is not read. */
async function floodOne(socket: Socket, chunk: Buffer, onSent: () => void): Promise<void> {
  socket.pause();
  while (!socket.destroyed) {
    onSent();
    if (!socket.write(chunk)) await drainedOrClosed(socket);
    else await Bun.sleep(0);
  }
}

async function upgrade(url: string, token: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).on("error", () => {});
  socket.write(
    `GET /api/v1/ws?token=${token} HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
  );
  await new Promise<void>((resolve) => socket.once("data", () => resolve()).once("close", resolve));
  return socket;
}

function drainedOrClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off("drain", done).off("close", done);
      resolve();
    };
    socket.on("drain", done).on("close", done);
  });
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
