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

async function openLink(heard: RedisMessage[] = []): Promise<RedisLink> {
  const link = await RedisLink.open(redis.url, {
    log: openLog("silent"),
    onMessage: (message) => void heard.push(message),
    onReconnect() {},
  });
  await up(link);
  return link;
}

async function up(link: RedisLink): Promise<void> {
  await waitFor(() => (link.isUp() ? true : undefined));
}

test("a channel that is given up and wanted again is not taken for subscribed before Redis says so", async () => {
  const heard: RedisMessage[] = [];
  const [link, other] = [await openLink(heard), await openLink()];
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
  await waitFor(() => (heard.length > 0 ? true : undefined));
  expect(heard).toEqual([{ channel: "u:1", text: "after" }]);
  link.close();
  other.close();
});

test("given up and wanted again many times while Redis answers: what is published then is heard", async () => {
  const heard: RedisMessage[] = [];
  const [link, other] = [await openLink(heard), await openLink()];
  await link.subscribe("u:2");
  for (let n = 0; n < 50; n++) {
    link.unsubscribe("u:2");
    if (n % 2 === 0) await Promise.resolve();
    await link.subscribe("u:2");
    other.publish({ channel: "u:2", text: String(n) });
    await waitFor(() => (heard.length === n + 1 ? true : undefined));
  }
  expect(heard.map(({ text }) => text)).toEqual(Array.from({ length: 50 }, (_, n) => String(n)));
  link.close();
  other.close();
});
