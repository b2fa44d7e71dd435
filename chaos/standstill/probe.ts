import { call, type Person } from "./people.ts";
import type { Server } from "./server.ts";

/** Of one thing that was asked again and again, one at a time: how long the answers took. */
export type Latencies = { p50: number; p99: number; max: number; count: number; failed: number };

/** Asks once; answers whether it succeeded. */
export type Probe = () => Promise<boolean>;

const PAUSE_MS = 20;
const ARRIVES_WITHIN_MS = 60_000;

/** Asks all probes over and over while `work` goes on. What is under way at its end is waited for, and counts. */
export async function observe<Name extends string, T>(
  probes: Record<Name, Probe>,
  work: () => Promise<T>,
): Promise<{ result: T; latencies: Record<Name, Latencies> }> {
  const during = { isOver: false };
  const named = Object.entries<Probe>(probes);
  const asking = Promise.all(named.map(async ([name, probe]) => [name, await askUntilOver(probe, during)] as const));
  try {
    const result = await work();
    during.isOver = true;
    return { result, latencies: Object.fromEntries(await asking) as Record<Name, Latencies> };
  } finally {
    during.isOver = true;
    await asking;
  }
}

async function askUntilOver(probe: Probe, during: { isOver: boolean }): Promise<Latencies> {
  const took: number[] = [];
  let failed = 0;
  do {
    const startedMs = performance.now();
    if (!(await probe())) failed++;
    took.push(performance.now() - startedMs);
    await Bun.sleep(PAUSE_MS);
  } while (!during.isOver);
  return latenciesOf(took, failed);
}

function latenciesOf(took: number[], failed: number): Latencies {
  const sorted = took.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1), count: sorted.length, failed };
}

export function liveness({ url }: Server): Probe {
  return async () => (await call(url, "GET", "/healthz")).status === 200;
}

export function feed({ url }: Server): Probe {
  return async () => (await call(url, "GET", "/api/v1/videos?limit=20")).status === 200;
}

/** Messages from one person to a socket of another: the time from the request to the arrival. */
export async function messages({ url }: Server, sender: Person, receiver: Person): Promise<Probe & Disposable> {
  const expected = new Map<string, () => void>();
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/ws?token=${receiver.token}`);
  const { promise: connected, resolve, reject } = Promise.withResolvers<void>();
  socket.onclose = ({ code }) => reject(new Error(`the probe's socket was closed with ${code}`));
  socket.onmessage = ({ data }) => {
    const frame = JSON.parse(data as string);
    if (frame.type === "connected") resolve();
    if (frame.type === "message:new") expected.get(frame.data.content)?.();
  };
  await connected;
  let count = 0;
  const probe = async () => {
    const content = `probe ${++count}`;
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<boolean>();
    expected.set(content, () => arrive(true));
    const late = setTimeout(() => arrive(false), ARRIVES_WITHIN_MS);
    const body = { receiverId: receiver.id, content };
    const { status } = await call(url, "POST", "/api/v1/messages/", { token: sender.token, body });
    const hasArrived = status === 201 && (await arrived);
    clearTimeout(late);
    expected.delete(content);
    return hasArrived;
  };
  return Object.assign(probe, { [Symbol.dispose]: () => socket.close() });
}
