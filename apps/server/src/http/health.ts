import { createHash, timingSafeEqual } from "node:crypto";
import { fail } from "./errors.ts";
import { createRouter } from "./router.ts";

const DATABASE_ANSWERS_MS = 2000;

/**
 * `/healthz`: the process lives, and a restart would not help it. An outage of the database is no reason for one; that the
 * database answers others and never this process is. `/readyz`: it can serve, its database answers; Redis need not.
 * `/metrics`: what it counts, for the bearer of METRICS_TOKEN.
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
    const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), DATABASE_ANSWERS_MS).unref());
    const isThere = await Promise.race([late, c.env.app.sql`select 1`.then(() => true).catch(() => false)]);
    return isThere ? c.json({ status: "ready" }) : c.json({ status: "the database does not answer" }, 503);
  });
  health.get("/metrics", async (c) => {
    const { config, metrics } = c.env.app;
    if (!config.metricsToken) throw fail("NOT_FOUND");
    if (!isSame(c.req.header("authorization") ?? "", `Bearer ${config.metricsToken}`)) throw fail("UNAUTHORIZED");
    return c.text(await metrics.text());
  });
  return health;
}

/** In a time that does not tell how much of it was right. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(a!, b!);
}
