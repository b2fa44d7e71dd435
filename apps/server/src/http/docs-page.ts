import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import swagger from "swagger-ui-dist/package.json" with { type: "json" };
import { fail } from "../platform/api-error.ts";
import { createRouter } from "./router.ts";
import { PAGE_HEADERS } from "./security-headers.ts";

type Documents = { openApi: () => object; asyncApi: () => object };

/** The documents of the API, each generated when it is first requested, and a page that shows them: `/docs`. */
export function docsRoutes({ openApi, asyncApi }: Documents) {
  const docs = createRouter();
  docs.get("/", (c) => c.redirect("/docs"));
  docs.get("/api/v1/openapi.json", respondWith(openApi));
  docs.get("/api/v1/asyncapi.json", respondWith(asyncApi));
  docs.get("/docs", () => new Response(PAGE, { headers: { ...PAGE_HEADERS, "Cache-Control": "no-cache" } }));
  docs.get("/docs/:file", (c) => {
    const asset = ASSETS.get(c.req.param("file"));
    if (!asset) throw fail("NOT_FOUND");
    const isNamedByVersion = c.req.query("v") === asset.version;
    const caching = isNamedByVersion ? "public, max-age=31536000, immutable" : "no-cache";
    const headers = { "Content-Type": asset.type, "Cache-Control": caching };
    return new Response(asset.body(), { headers });
  });
  return docs;
}

function respondWith(make: () => object) {
  let text: string | undefined;
  return () => {
    text ??= JSON.stringify(make());
    return new Response(text, { headers: { "Content-Type": "application/json", "Cache-Control": "no-cache" } });
  };
}

const INITIALIZER = `SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
`;

const STYLE = `body { margin: 0; background: #fafafa; }
nav { padding: 12px 20px; background: #1b1b1b; color: #fafafa; font: 14px/1.4 sans-serif; }
nav a { margin-left: 16px; color: #9ecbff; }
`;

type Asset = { type: string; version: string; body: () => string | Bun.BunFile };

const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ["swagger-ui.css", vendored("swagger-ui.css", "text/css; charset=utf-8")],
  ["swagger-ui-bundle.js", vendored("swagger-ui-bundle.js", "text/javascript; charset=utf-8")],
  ["page.css", own(STYLE, "text/css; charset=utf-8")],
  ["page.js", own(INITIALIZER, "text/javascript; charset=utf-8")],
]);

function vendored(file: string, type: string): Asset {
  const folder = dirname(fileURLToPath(import.meta.resolve("swagger-ui-dist/package.json")));
  return { type, version: swagger.version, body: () => Bun.file(join(folder, file)) };
}

function own(text: string, type: string): Asset {
  return { type, version: Bun.hash(text).toString(36), body: () => text };
}

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Reelay</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${address("swagger-ui.css")}">
    <link rel="stylesheet" href="${address("page.css")}">
  </head>
  <body>
    <nav>Reelay
      <a href="/api/v1/openapi.json">REST: openapi.json</a>
      <a href="/api/v1/asyncapi.json">Socket: asyncapi.json</a>
    </nav>
    <div id="swagger-ui"></div>
    <script src="${address("swagger-ui-bundle.js")}"></script>
    <script src="${address("page.js")}"></script>
  </body>
</html>
`;

function address(file: string): string {
  return `/docs/${file}?v=${ASSETS.get(file)?.version}`;
}
