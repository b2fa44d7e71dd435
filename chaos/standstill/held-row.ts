import type { Sql } from "../../apps/server/src/platform/postgres.ts";
import { call, makePeople, type Person } from "./people.ts";
import type { Measure } from "./results.ts";
import type { Server } from "./server.ts";
import type { Scenario, Stand } from "./stand.ts";
import { type Act, median, standstillSeconds, Writers } from "./writers.ts";

const WRITERS = 40;
/** Of the messages of a writer, one of so many goes to the person whose row is held. */
const ONE_OF = 50;
const ARRIVED_WITHIN_MS = 15_000;

type Sent = { sender: number; n: number };

/** One stream's row is held by an open transaction: the messages of all others, and those of its owner afterwards. */
export const heldRow: Scenario = { point: 3, run };

async function run(stand: Stand): Promise<Measure[]> {
  const server = await stand.start();
  const people = await makePeople(server, "writer", WRITERS);
  const [held] = await makePeople(server, "held", 1);
  const device = await Device.open(server, held!);
  const toHeld = new ToHeld(server, held!);
  const toOthers = new Writers(people.map((_, index) => writer(server, people, index, toHeld)));
  const { quietMs, holdMs } = stand.sizes;
  await Bun.sleep(1000);
  const quietFromMs = performance.now();
  await Bun.sleep(quietMs);
  const quiet = median(toOthers.rates(quietFromMs, performance.now()));
  const holdFromMs = performance.now();
  await hold(await server.openSql(), held!, holdMs);
  const rates = toOthers.rates(holdFromMs, performance.now());
  await toOthers.end();
  await toHeld.answered();
  const { accepted } = toHeld;
  const isComplete = await device.hasAll(accepted);
  device.close();
  const what = `messages to all others while one row is held for ${holdMs / 1000} s`;
  const order = isComplete ? "all arrived after the release" : "NOT all arrived";
  const note = `${order}, ${device.isInOrder() ? "in order" : "OUT OF ORDER"}`;
  return [
    { point: 3, what: `${what}, median second`, unit: "/s", value: median(rates), quiet },
    {
      point: 3,
      what: "longest time below a fifth, of one row held",
      unit: "s",
      value: standstillSeconds(rates, quiet),
    },
    { point: 3, what: "messages accepted for the held one", unit: "", value: accepted.length, note },
  ];
}

async function hold(sql: Sql, { id }: Person, holdMs: number): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select user_id from user_streams where user_id = ${id} for update`;
    await tx`select pg_sleep(${holdMs / 1000})`;
  });
}

/** A writer goes on without the answer to what went to the held one, of which one at a time is under way. */
function writer(server: Server, people: readonly Person[], index: number, toHeld: ToHeld): Act {
  const { token } = people[index]!;
  let underWay: Promise<void> | null = null;
  return async (n) => {
    const receiver = people[(index + 1 + (n % (people.length - 1))) % people.length]!;
    if (n % ONE_OF === index % ONE_OF && !underWay) {
      underWay = toHeld.send(token, { sender: index, n }).finally(() => {
        underWay = null;
      });
    }
    return await send(server, token, receiver, { sender: index, n });
  };
}

/** What goes to the held one, until all of it has been answered. */
class ToHeld {
  readonly accepted: Sent[] = [];
  readonly #server: Server;
  readonly #receiver: Person;
  readonly #underWay = new Set<Promise<boolean>>();

  constructor(server: Server, receiver: Person) {
    this.#server = server;
    this.#receiver = receiver;
  }

  async send(token: string, sent: Sent): Promise<void> {
    const sending = send(this.#server, token, this.#receiver, sent);
    this.#underWay.add(sending);
    if (await sending) this.accepted.push(sent);
    this.#underWay.delete(sending);
  }

  async answered(): Promise<void> {
    await Promise.all(this.#underWay);
  }
}

async function send({ url }: Server, token: string, receiver: Person, sent: Sent): Promise<boolean> {
  const body = { receiverId: receiver.id, content: JSON.stringify(sent) };
  return (await call(url, "POST", "/api/v1/messages/", { token, body })).status === 201;
}

/** What arrives at the held one's socket. */
class Device {
  readonly #socket: WebSocket;
  readonly #arrived: Sent[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data as string);
      if (frame.type === "message:new") this.#arrived.push(JSON.parse(frame.data.content));
    };
  }

  static async open({ url }: Server, { token }: Person): Promise<Device> {
    const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/ws?token=${token}`);
    const device = new Device(socket);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onclose = reject;
    });
    return device;
  }

  async hasAll(accepted: readonly Sent[]): Promise<boolean> {
    const deadline = Date.now() + ARRIVED_WITHIN_MS;
    const keyOf = ({ sender, n }: Sent) => `${sender} ${n}`;
    for (;;) {
      const arrived = new Set(this.#arrived.map(keyOf));
      if (accepted.every((sent) => arrived.has(keyOf(sent)))) return true;
      if (Date.now() > deadline) return false;
      await Bun.sleep(50);
    }
  }

  /** Of each sender by itself. */
  isInOrder(): boolean {
    const latest = new Map<number, number>();
    return this.#arrived.every(({ sender, n }) => {
      const isNext = n > (latest.get(sender) ?? -1);
      latest.set(sender, n);
      return isNext;
    });
  }

  close(): void {
    this.#socket.close();
  }
}
