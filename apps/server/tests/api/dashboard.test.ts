import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serverForFile } from "@reelay/testkit";
import { dashboardRoutes } from "../../src/http/dashboard.ts";
import { handleError } from "../../src/http/errors.ts";
import { createRouter } from "../../src/http/router.ts";

const { server } = serverForFile();

async function page(path = "/admin", headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(server.url + path, { headers });
}

async function assetsOf(response: Response): Promise<string[]> {
  return [...(await response.text()).matchAll(/(?:src|href)="([^"]*)"/g)]
    .map(([, address = ""]) => address)
    .filter((address) => address.startsWith("/"));
}

test("every address below /admin has the same page, which holds no script or style of its own", async () => {
  const response = await page();
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const text = await response.text();
  expect(text).not.toMatch(/<style|style=|<script(?![^>]* src=)| on\w+=/);
  for (const path of ["/admin/", "/admin/queue", "/admin/users/7"]) expect(await (await page(path)).text()).toBe(text);
  expect((await page("/administrator")).status).toBe(404);
});

test("the page may load what this server serves, and pictures and videos from elsewhere; nobody may frame it", async () => {
  const { headers } = await page();
  const policy = Object.fromEntries(
    headers
      .get("content-security-policy")!
      .split("; ")
      .map((directive) => [directive.split(" ")[0], directive.split(" ").slice(1).join(" ")]),
  );
  expect(policy).toEqual({
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: https:",
    "media-src": "'self' https:",
    "connect-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
  });
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});

test("the page is asked for again each time, and answered with 304 while it is the same", async () => {
  const { headers } = await page();
  expect(headers.get("cache-control")).toBe("no-cache");
  const again = await page("/admin", { "if-none-match": headers.get("etag")! });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  expect((await page("/admin", { "if-none-match": '"another"' })).status).toBe(200);
});

test("assets are kept for ever, and come compressed to whoever takes that", async () => {
  const addresses = await assetsOf(await page());
  expect(addresses.length).toBeGreaterThanOrEqual(2);
  for (const address of addresses) {
    const sizes: number[] = [];
    for (const [accepted, encoding] of [
      ["gzip;q=1.0, br", "br"],
      ["gzip, br;q=0", "gzip"],
      ["identity", null],
    ] as const) {
      const response = await fetch(server.url + address, {
        headers: { "accept-encoding": accepted },
        decompress: false,
      });
      expect([response.status, response.headers.get("content-encoding")]).toEqual([200, encoding]);
      expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(response.headers.get("vary")).toContain("Accept-Encoding");
      expect(response.headers.get("content-type")).toMatch(/^text\/(javascript|css); charset=utf-8$/);
      sizes.push((await response.bytes()).length);
    }
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  }
});

test("nothing but assets comes out of the folder", async () => {
  for (const name of ["sources.sha256", "..%2findex.html", "..%2f..%2fpackage.json", "main.js", "main.00000000.js"]) {
    expect((await page(`/admin/assets/${name}`)).status).toBe(404);
  }
  const [asset = ""] = await assetsOf(await page());
  expect((await page(`${asset}.br`)).status).toBe(404);
});

test("where it was not built, the page says so", async () => {
  const folder = await mkdtemp(join(tmpdir(), "reelay-dashboard-"));
  const api = createRouter();
  api.onError(handleError);
  api.route("/", dashboardRoutes(folder));
  const response = await api.request("/admin", {}, { app: server.app });
  expect(response.status).toBe(404);
  expect(((await response.json()) as { detail: string }).detail).toBe(
    "The dashboard of this server has not been built.",
  );
  await rm(folder, { recursive: true });
});
