import { afterAll, beforeAll, expect, test } from "bun:test";
import { TestRedis, waitFor } from "@reelay/testkit";
import { openLog } from "../../src/platform/log.ts";
import { RedisLink, type RedisMessage } from "../../src/platform/redis.ts";

/* The channels of one node, when somebody leaves and somebody comes before Redis has answered. */

let redis: TestRedis;

beforeAll(async () => {
  redis = await TestRedis.start();
});

afterAll(() => redis.kill());

async function openLink(received: RedisMessage[] = []): Promise<RedisLink> {
  const link = await RedisLink.open(redis.url, {
    log: openLog("silent"),
    onMessage: (message) => void received.push(message),
    onReconnect() {},
  });
  await up(link);
  return link;
}

async function up(link: RedisLink): Promise<void> {
  await waitFor(() => (link.isUp() ? true : undefined));
}

test("a channel that is given up and wanted again is not taken for subscribed before Redis says so", async () => {
  const received: RedisMessage[] = [];
  const [link, other] = [await openLink(received), await openLink()];
  await link.subscribe("u:1");
  expect(link.isUp()).toBe(true);
  redis.freeze();
  link.unsubscribe("u:1");
  await new Promise(setImmediate);
  // It is subscribed when that resolves, or Redis counts as away; Redis cannot have answered.
  await link.subscribe("u:1");
  expect(link.isUp()).toBe(false);
  redis.thaw();
  await Promise.all([up(link), up(other)]);
  other.publish({ channel: "u:1", text: "after" });
  await waitFor(() => (received.length > 0 ? true : undefined));
  expect(received).toEqual([{ channel: "u:1", text: "after" }]);
  link.close();
  other.close();
});

test("given up and wanted again many times while Redis answers: what is published then is received", async () => {
  const received: RedisMessage[] = [];
  const [link, other] = [await openLink(received), await openLink()];
  await link.subscribe("u:2");
  for (let n = 0; n < 50; n++) {
    link.unsubscribe("u:2");
    if (n % 2 === 0) await Promise.resolve();
    await link.subscribe("u:2");
    other.publish({ channel: "u:2", text: String(n) });
    await waitFor(() => (received.length === n + 1 ? true : undefined));
  }
  expect(received.map(({ text }) => text)).toEqual(Array.from({ length: 50 }, (_, n) => String(n)));
  link.close();
  other.close();
});

test("the log says in an operator's words when Redis is connected, lost and back", async () => {
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  const log = openLog("info", { isTerminal: false, destination });
  const words = () => written.map((line) => JSON.parse(line)).map(({ level, msg }) => [level, msg]);
  await redis.kill();
  const link = await RedisLink.open(redis.url, { log, onMessage() {}, onReconnect() {} });
  expect(words()).toEqual([[40, "redis unavailable, polling the log"]]);
  await redis.start();
  await up(link);
  await redis.kill();
  await waitFor(() => (link.isUp() ? undefined : true));
  await redis.start();
  await up(link);
  expect(words()[1]).toEqual([30, "redis connected"]);
  // On a machine that stands still for seconds, another loss may come between.
  expect(words().slice(-2)).toEqual([
    [40, "redis unavailable, polling the log"],
    [30, "redis reconnected"],
  ]);
  expect(words().filter(([, text]) => text === "redis connected")).toHaveLength(1);
  link.close();
});
