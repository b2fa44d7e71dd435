import { createRouter } from "./router.ts";

const DATABASE_ANSWERS_MS = 2000;

/** `/healthz`: the process lives. `/readyz`: it can serve, its database answers. */
export function healthRoutes(isServing: () => boolean) {
  const health = createRouter();
  health.get("/healthz", (c) => c.json({ status: "ok" }));
  health.get("/readyz", async (c) => {
    if (!isServing()) return c.json({ status: "stopping" }, 503);
    const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), DATABASE_ANSWERS_MS).unref());
    const isThere = await Promise.race([late, c.env.app.sql`select 1`.then(() => true).catch(() => false)]);
    return isThere ? c.json({ status: "ready" }) : c.json({ status: "the database does not answer" }, 503);
  });
  return health;
}
