import { createHash, timingSafeEqual } from "node:crypto";
import type { App } from "../app.ts";
import { fail } from "../platform/api-error.ts";
import { wait } from "../platform/clock.ts";
import { createRouter } from "./router.ts";

const DATABASE_ANSWERS_MS = 2000;
const NO_ANSWER = "the database does not answer";

/**
 * `/healthz`: the process lives, and a restart would not help it. An outage of the database is no reason for one; that the
 * database answers others and never this process is. `/readyz`: it can serve, its database answers and has room; Redis
 * need not. `/metrics`: what it counts, for the bearer of METRICS_TOKEN.
 */
export function healthRoutes(isServing: () => boolean) {
  const health = createRouter();
  health.get("/healthz", (c) =>
    c.env.app.database.isStuck()
      ? c.json({ status: "the database answers, but not this process" }, 503)
      : c.json({ status: "ok" }),
  );
  health.get("/readyz", async (c) => {
    if (!isServing()) return c.json({ status: "not serving" }, 503);
    const late = wait(DATABASE_ANSWERS_MS).then(() => NO_ANSWER);
    const trouble = await Promise.race([late, troubleOf(c.env.app).catch(() => NO_ANSWER)]);
    return trouble === null ? c.json({ status: "ready" }) : c.json({ status: trouble }, 503);
  });
  health.get("/metrics", async (c) => {
    const { config, metrics } = c.env.app;
    if (!config.metricsToken) throw fail("NOT_FOUND");
    if (!isSame(c.req.header("authorization") ?? "", `Bearer ${config.metricsToken}`)) throw fail("UNAUTHORIZED");
    return c.text(await metrics.text());
  });
  return health;
}

/** Why the database cannot serve; null: it can. */
async function troubleOf({ sql, disk }: App): Promise<string | null> {
  await sql`select 1`;
  return (await disk.isDatabaseFull()) ? "the database's disk is full" : null;
}

/** In a time that does not depend on how much of it was right. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(a!, b!);
}
