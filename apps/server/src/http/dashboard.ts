import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Context } from "hono";
import { etag } from "hono/etag";
import { fail } from "../platform/api-error.ts";
import type { Env } from "./env.ts";
import { createRouter } from "./router.ts";
import { DASHBOARD_HEADERS } from "./security-headers.ts";

const BUILT = fileURLToPath(new URL("../../../dashboard/dist/", import.meta.url));
/** Each name holds a hash of its content. */
const ASSET = /^[\w-]+\.[a-z0-9]{8}\.(js|css)$/;
const CONTENT_TYPES: Record<string, string> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
};
/** What the build has compressed each asset with, the smallest first, and how its files end. */
const ENCODINGS = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const;

/**
 * The moderators' page: below `/admin` one document for every address, and its assets. It is read from what
 * `tools/build-dashboard.ts` has built, each time, so that a build needs no restart.
 */
export function dashboardRoutes(folder = BUILT) {
  const dashboard = createRouter();
  dashboard.get("/admin/assets/:file", (c) => respondWithAsset(c, folder, c.req.param("file")));
  dashboard.use("/admin/*", etag());
  for (const path of ["/admin", "/admin/*"]) dashboard.get(path, () => respondWithPage(folder));
  return dashboard;
}

async function respondWithPage(folder: string): Promise<Response> {
  const page = Bun.file(join(folder, "index.html"));
  if (!(await page.exists())) throw fail("NOT_FOUND", { message: "The dashboard of this server has not been built." });
  return new Response(await page.text(), { headers: { ...DASHBOARD_HEADERS, "Cache-Control": "no-cache" } });
}

async function respondWithAsset(c: Context<Env>, folder: string, name: string): Promise<Response> {
  const [, extension] = name.match(ASSET) ?? [];
  const path = join(folder, "assets", name);
  if (!extension || !(await Bun.file(path).exists())) throw fail("NOT_FOUND");
  const accepted = acceptedBy(c.req.header("accept-encoding"));
  const [encoding, suffix] = ENCODINGS.find(([name]) => accepted.has(name)) ?? [null, ""];
  return new Response(Bun.file(path + suffix), {
    headers: {
      "Content-Type": CONTENT_TYPES[extension]!,
      "Cache-Control": "public, max-age=31536000, immutable",
      Vary: "Accept-Encoding",
      ...(encoding && { "Content-Encoding": encoding }),
    },
  });
}

/** RFC 9110, section 12.5.3; `q=0` refuses an encoding. */
function acceptedBy(header = ""): Set<string> {
  const offers = header.split(",").map((offer) =>
    offer
      .trim()
      .toLowerCase()
      .split(/\s*;\s*q=/),
  );
  return new Set(offers.filter(([, quality = "1"]) => Number(quality) > 0).map(([name = ""]) => name));
}
