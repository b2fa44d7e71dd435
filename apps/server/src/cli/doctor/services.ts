import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../../config.ts";
import { openLog } from "../../platform/log.ts";
import { type Bucket, bucketStore } from "../../platform/object-store-s3.ts";
import { RedisLink } from "../../platform/redis.ts";
import { attempt, type Finding, fail, ok } from "./finding.ts";

/** What nodes share besides the database. */
export async function lookAtServices({ redisUrl, bucket }: Config): Promise<Finding[]> {
  return await Promise.all([
    attempt("redis", "Correct REDIS_URL.", () => lookAtRedis(redisUrl)),
    attempt("bucket", "Check the S3_ variables, and what the key may do.", () => lookAtBucket(bucket)),
  ]);
}

/** The link trusts a Redis only when a message to itself has come back. */
async function lookAtRedis(url: string | undefined): Promise<Finding> {
  const check = "redis";
  if (!url) return ok(check, "None is configured: this is the only node.");
  const link = await RedisLink.open(url, { log: openLog("silent"), onMessage() {}, onReconnect() {} });
  const isUp = link.isUp();
  link.close();
  if (isUp) return ok(check, "It passes messages on.");
  return fail(
    check,
    "It does not pass our own messages back.",
    "Start it, or correct REDIS_URL: until then nodes look into the database twice a second.",
  );
}

async function lookAtBucket(bucket: Bucket | undefined): Promise<Finding> {
  const check = "bucket";
  if (!bucket) return ok(check, "None is configured: files are in the data folder.");
  const store = bucketStore(bucket);
  const name = `${crypto.randomUUID()}.txt`;
  const path = join(tmpdir(), `reelay-doctor-${name}`);
  await Bun.write(path, "doctor");
  try {
    await store.put(`doctor/${name}`, path);
    const stored = await store.read(`doctor/${name}`);
    await store.remove(`doctor/${name}`);
    if (stored?.size === "doctor".length) return ok(check, `${bucket.bucket} keeps files and gives them back.`);
  } finally {
    await Bun.file(path)
      .delete()
      .catch(() => {});
  }
  return fail(check, `${bucket.bucket} does not give back what it was given.`, "See what the service says.");
}
