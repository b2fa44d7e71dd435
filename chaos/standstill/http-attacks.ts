import { connect, type Socket } from "node:net";
import type { Tally } from "./attack.ts";
import { call, PASSWORD } from "./people.ts";

/** A loop that is refused waits that long: a flood of cheap requests is another matter. */
const REFUSED_PAUSE_MS = 100;
const FORM_BYTES = 4_000_000;
const WITHHELD_BYTES = 200;
const CHUNK = Buffer.alloc(64 * 1024, "x");

export async function loopRegistrations(url: string, loops: number, tally: Tally): Promise<void> {
  let made = 0;
  await loopFor(loops, tally, async () => {
    const body = signUp(`loop${process.pid}x${++made}`);
    return (await call(url, "POST", "/api/v1/auth/register", { body })).status;
  });
}

export async function loopSearches(
  { url, loops, path }: { url: string; loops: number; path: string },
  tally: Tally,
): Promise<void> {
  await loopFor(loops, tally, async () => (await call(url, "GET", path)).status);
}

/** Registrations whose senders have left before anybody can answer. */
export async function abandonSignUps(
  { url, count, afterMs }: { url: string; count: number; afterMs: number },
  tally: Tally,
): Promise<void> {
  const { hostname, port } = new URL(url);
  for (let sent = 0; sent < count; sent++) {
    const body = JSON.stringify(signUp(`gone${process.pid}x${sent}`));
    const socket = connect(Number(port), hostname).on("error", () => {});
    socket.write(
      `POST /api/v1/auth/register HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${body.length}\r\n\r\n${body}`,
    );
    setTimeout(() => socket.destroy(), afterMs);
    add(tally, "sent");
    if (sent % 4 === 3) await Bun.sleep(1);
  }
  await Bun.sleep(2 * afterMs);
}

/** Forms for the login that lack their last bytes, and wait. */
export async function holdForms(url: string, connections: number, tally: Tally): Promise<void> {
  await Promise.all(Array.from({ length: connections }, () => sendMost(url, tally)));
  await Bun.sleep(60_000);
}

async function sendMost(url: string, tally: Tally): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let isGone = false;
  const gone = new Promise<void>((resolve) => socket.on("close", resolve)).then(() => {
    isGone = true;
    add(tally, "closed by the server");
  });
  socket.on("error", () => {}).resume();
  socket.write(
    `POST /api/v1/auth/login HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: multipart/form-data; boundary=x\r\n` +
      `Content-Length: ${FORM_BYTES}\r\n\r\n--x\r\nContent-Disposition: form-data; name="username"\r\n\r\n`,
  );
  for (let left = FORM_BYTES - WITHHELD_BYTES - 200; left > 0 && !isGone; left -= CHUNK.length) {
    if (!socket.write(CHUNK.subarray(0, Math.min(left, CHUNK.length)))) await Promise.race([drained(socket), gone]);
  }
  if (!isGone) add(tally, "held");
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("drain", resolve));
}

async function loopFor(loops: number, tally: Tally, ask: () => Promise<number>): Promise<void> {
  const loop = async () => {
    for (;;) {
      const status = await ask();
      add(tally, String(status));
      if (status >= 300 || status === 0) await Bun.sleep(REFUSED_PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: loops }, loop));
}

function signUp(username: string): { email: string; username: string; password: string } {
  return { email: `${username}@example.com`, username, password: PASSWORD };
}

function add(tally: Tally, name: string): void {
  tally[name] = (tally[name] ?? 0) + 1;
}
