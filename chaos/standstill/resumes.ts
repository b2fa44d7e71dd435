import { Attack } from "./attack.ts";
import { call, makePeople, type Person } from "./people.ts";
import { messages, observe } from "./probe.ts";
import type { Measure } from "./results.ts";
import type { Server } from "./server.ts";
import type { Scenario, Stand } from "./stand.ts";

const USERS = 20;
const SOCKETS_PER_USER = 10;
const MESSAGE = "語".repeat(5000);
const WITHIN_MS = 60_000;

/** Many devices resume at once behind much that waits: what the server needs for it, and how long others wait. */
export const resumes: Scenario = { point: 8, run };

async function run(stand: Stand): Promise<Measure[]> {
  const { waiting, quietMs } = stand.sizes;
  const server = await stand.start();
  const users = await makePeople(server, "absent", USERS);
  const writers = await makePeople(server, "writer", USERS);
  const [sender, receiver] = (await makePeople(server, "bystander", 2)) as [Person, Person];
  const cursors = await Promise.all(users.map((user) => cursorOf(server, user)));
  await Promise.all(users.map((user, n) => write(server, writers[n]!, user, waiting)));
  await server.stop();
  await server.start();
  using message = await messages(server, sender, receiver);
  const { latencies: quiet } = await observe({ message }, () => Bun.sleep(quietMs));
  const devices = users.flatMap(({ token }, n) =>
    Array.from({ length: SOCKETS_PER_USER }, () => ({ token, cursor: cursors[n]! })),
  );
  const { result, growthMb } = await server.rssGrowthMb(() =>
    observe({ message }, () => new Attack({ kind: "resume", url: server.url, devices, withinMs: WITHIN_MS }).tally),
  );
  const { latencies, result: tally } = result;
  const everything = devices.length * waiting;
  const note = `${tally["message:new"] ?? 0} of ${everything} frames, ${tally.synced ?? 0} sockets up to date`;
  const what = `${devices.length} sockets resume behind ${waiting} messages a user`;
  const bystander = { point: 8, unit: "ms" } as const;
  return [
    { point: 8, what: `memory while ${what}`, unit: "MB", value: growthMb },
    { point: 8, what: "until all of them are up to date", unit: "ms", value: tally.ms ?? 0, note },
    { ...bystander, what: "a bystander's message, p99", value: latencies.message.p99, quiet: quiet.message.p99 },
    { ...bystander, what: "a bystander's message, max", value: latencies.message.max, quiet: quiet.message.max },
  ];
}

async function cursorOf({ url }: Server, { token }: Person): Promise<string> {
  const { body } = await call(url, "GET", "/api/v1/events?cursor=", { token });
  return String(body.cursor);
}

async function write({ url }: Server, { token }: Person, receiver: Person, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const body = { receiverId: receiver.id, content: MESSAGE };
    const { status } = await call(url, "POST", "/api/v1/messages/", { token, body });
    if (status !== 201) throw new Error(`a message was answered ${status}`);
  }
}
