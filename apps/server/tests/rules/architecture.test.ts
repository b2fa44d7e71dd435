import { areaOf, featureOf, isRoutes, production, rule, SRC, src } from "./rule.ts";
import { circular, type Import, importsOf, matches, type Source, told } from "./sources.ts";

rule(
  "contract imports only zod and itself",
  production,
  (sources) =>
    importsOf(sources)
      .filter(({ path }) => path.startsWith("packages/contract/"))
      .filter(({ target }) => target !== "zod" && !target.startsWith("packages/contract/"))
      .map(told),
  {
    "packages/contract/src/a.ts": 'import { z } from "zod";\nimport "../package.json";\nimport { serve } from "bun";\n',
    "packages/contract/src/b.ts": 'export * from "../../sdk/src/index.ts";\n',
  },
  "packages/contract/src/a.ts:3",
  "packages/contract/src/b.ts:1",
);

rule(
  "sdk imports no package, and no file but its own",
  production,
  (sources) =>
    importsOf(sources)
      .filter(({ path }) => path.startsWith("packages/sdk/"))
      .filter(({ target }) => !target.startsWith("packages/sdk/src/"))
      .map(told),
  {
    "packages/sdk/src/a.ts": 'import "./generated/b.ts";\nimport { Video } from "@reelay/contract";\n',
    "packages/sdk/src/b.ts": 'export * from "../../contract/src/index.ts";\nimport type { z } from "zod";\n',
  },
  "packages/sdk/src/a.ts:2",
  "packages/sdk/src/b.ts:1",
  "packages/sdk/src/b.ts:2",
);

const MAY_IMPORT = {
  platform: ["platform"],
  delivery: ["platform", "delivery"],
  access: ["platform", "delivery", "access"],
  http: ["platform", "delivery", "access", "http"],
  realtime: ["platform", "delivery", "access", "realtime"],
  features: ["platform", "delivery", "access", "http", "features"],
};

for (const [area, allowed] of Object.entries(MAY_IMPORT)) {
  const stranger = ["realtime", "http"].find((each) => !allowed.includes(each));
  rule(
    `${area} imports only ${allowed.join(", ")} and contract`,
    production,
    (sources) =>
      importsOf(sources)
        .filter(({ path }) => areaOf(path) === area)
        .filter((each) => !allowed.includes(areaOf(each.target)) && !isElsewhere(each) && !isApp(each))
        .map(told),
    src({
      [`${area}/x/a.ts`]: 'import { a } from "@reelay/contract";\nimport type {\n  B,\n} from "../../compose.ts";\n',
      [`${area}/x/b.ts`]: `import pino from "pino";\nconst lazy = await import("../../${stranger}/c.ts");\n`,
      [`${area}/x/c.ts`]: `import server from "../../../package.json";\nimport "../../${allowed[0]}/d.ts";\n`,
    }),
    `${SRC}${area}/x/a.ts:2`,
    `${SRC}${area}/x/b.ts:2`,
  );
}

/** Packages, and the manifest of our own. */
const isElsewhere = ({ target }: Import) => !target.startsWith(SRC) && target !== "@reelay/sdk";
const isApp = ({ path, target }: Import) => target === `${SRC}app.ts` && ["http", "features"].includes(areaOf(path));

rule(
  "app.ts is types alone, and only http, features and what stands above them know it",
  production,
  (sources) => {
    const imports = importsOf(sources);
    const values = imports.filter(({ path, isType }) => path === `${SRC}app.ts` && !isType);
    const users = imports.filter(({ target }) => target === `${SRC}app.ts`);
    return [...values, ...users.filter((each) => !isApp(each) && !["app", "cli"].includes(areaOf(each.path)))].map(
      told,
    );
  },
  src({
    "app.ts": 'import type { Sql } from "./platform/postgres.ts";\nimport { Tokens } from "./access/tokens.ts";\n',
    "http/a.ts": 'import type { App } from "../app.ts";\n',
    "compose.ts": 'import type { App } from "./app.ts";\n',
    "access/a.ts": 'import type { App } from "../app.ts";\n',
  }),
  `${SRC}app.ts:2`,
  `${SRC}access/a.ts:1`,
);

rule(
  "nothing of the server reaches into another package's files, or uses the sdk",
  production,
  (sources) =>
    importsOf(sources)
      .filter(
        ({ path, target }) =>
          path.startsWith("apps/server/") && /^packages\/|^@reelay\/(?!contract(\/asyncapi)?$)/.test(target),
      )
      .map(told),
  src({
    "app.ts": 'import "@reelay/contract";\nimport "@reelay/sdk";\nimport "../../../packages/contract/src/a.ts";\n',
    "api.ts": 'import "@reelay/contract/asyncapi";\nimport "@reelay/contract/src/a.ts";\n',
  }),
  `${SRC}app.ts:2`,
  `${SRC}app.ts:3`,
  `${SRC}api.ts:2`,
);

/** What the moderators' page is built of, besides its own files. */
const DASHBOARD_PACKAGES = /^(?:react|react-dom\/client|@tanstack\/react-query|wouter|@reelay\/sdk)$/;

rule(
  "the dashboard imports the sdk and what shows pages: no server, no contract, no zod",
  production,
  (sources) =>
    importsOf(sources)
      .filter(({ path }) => path.startsWith("apps/dashboard/"))
      .filter(({ target }) => !target.startsWith("apps/dashboard/src/") && !DASHBOARD_PACKAGES.test(target))
      .map(told),
  {
    "apps/dashboard/src/a.tsx": 'import { useState } from "react";\nimport { z } from "zod";\nimport "./b.css";\n',
    "apps/dashboard/src/b.ts": 'import type { Video } from "@reelay/contract";\nimport "@reelay/sdk";\n',
    "apps/dashboard/src/c.ts": 'const lazy = import("../../server/src/app.ts");\nimport("./a.tsx");\n',
  },
  "apps/dashboard/src/a.tsx:2",
  "apps/dashboard/src/b.ts:1",
  "apps/dashboard/src/c.ts:1",
);

rule(
  "a feature never imports another feature's routes",
  production,
  (sources) =>
    importsOf(sources)
      .filter(({ path, target }) => featureOf(path) && featureOf(target) && featureOf(path) !== featureOf(target))
      .filter(({ target }) => isRoutes(target))
      .map(told),
  src({
    "features/a/a.ts": 'import { b } from "../b/b.ts";\nimport "../b/routes.ts";\nimport "../b/b-routes.ts";\n',
    "features/a/routes.ts": 'import "./a-routes.ts";\n',
    "api.ts": 'import "./features/a/routes.ts";\n',
  }),
  `${SRC}features/a/a.ts:2`,
  `${SRC}features/a/a.ts:3`,
);

rule(
  "no two features need each other, not even for types",
  production,
  (sources) => circular(importsOf(sources), featureOf),
  src({
    "features/a/a.ts": 'import type { B } from "../b/b.ts";\n',
    "features/b/b.ts": '\nimport { c } from "../c/c.ts";\n',
    "features/c/c.ts": 'import { a } from "../a/other.ts";\nimport { d } from "../d/d.ts";\n',
    "features/d/d.ts": "export const d = 1;\n",
  }),
  `${SRC}features/a/a.ts:1`,
  `${SRC}features/b/b.ts:2`,
  `${SRC}features/c/c.ts:1`,
);

rule(
  "no files import each other in a circle, not even for types",
  production,
  (sources) => circular(importsOf(sources), (path) => path),
  {
    ...src({ "http/a.ts": 'import { b } from "./b.ts";\n', "http/b.ts": 'export { a } from "./a.ts";\n' }),
    ...src({ "http/c.ts": 'import { d } from "./d.ts";\n', "http/d.ts": 'import type { C } from "./c.ts";\n' }),
    ...src({ "http/e.ts": 'import { a } from "./a.ts";\n' }),
  },
  `${SRC}http/a.ts:1`,
  `${SRC}http/b.ts:1`,
  `${SRC}http/c.ts:1`,
  `${SRC}http/d.ts:1`,
);

/** Who may hand publications over: the rest appends, and `commit` publishes. */
const PUBLISHERS =
  /^(?:delivery\/.*|app\.ts|compose\.ts|resources\.ts|gauges\.ts|jobs\.ts|features\/messages\/typing\.ts)$/;

rule(
  "only commit, batches, typing, repair and compose name the broker",
  production,
  (sources) =>
    sources
      .filter(({ path }) => path.startsWith(SRC) && !PUBLISHERS.test(path.slice(SRC.length)))
      .flatMap((source) => matches(source, /\bbroker\b(?!\.link)/gi)),
  src({
    "compose.ts": "app.broker.publish([]);\n",
    "delivery/commit.ts": "broker.publish(noted);\n",
    "features/likes/likes.ts": "// the broker\nawait commit(app, work);\napp.broker.publish([]);\n",
    "features/videos/videos.ts": "const { broker } = app;\n",
    "access/changes.ts": 'import type { Broker } from "../delivery/broker.ts";\n',
  }),
  `${SRC}features/likes/likes.ts:3`,
  `${SRC}features/videos/videos.ts:1`,
  `${SRC}access/changes.ts:1`,
  `${SRC}access/changes.ts:1`,
);

/** Where events are written by SQL: each of them publishes what it has written. */
const APPENDERS: Record<string, readonly string[]> = {
  append_events: ["delivery/append.ts", "features/messages/send.ts"],
  notify_users: [
    "features/notifications/notify.ts",
    "features/likes/likes.ts",
    "features/follows/follows.ts",
    "features/comments/create.ts",
  ],
};

rule(
  "append_events and notify_users are called only by append, notify and the declared batches",
  production,
  (sources) =>
    Object.entries(APPENDERS).flatMap(([name, callers]) =>
      sources
        .filter(({ path }) => path.startsWith(SRC) && !callers.includes(path.slice(SRC.length)))
        .flatMap((source) => matches(source, new RegExp(`\\b${name}\\s*\\(`, "g"))),
    ),
  src({
    "delivery/append.ts": "tx`select user_id from append_events(array(select 1))`;\n",
    "features/likes/likes.ts": "tx`select user_id from notify_users(drafts)`;\ntx`from append_events (a)`;\n",
    "features/videos/videos.ts": "// `notify_users` does it\ntx`select user_id from notify_users(drafts)`;\n",
  }),
  `${SRC}features/likes/likes.ts:2`,
  `${SRC}features/videos/videos.ts:2`,
);

const ENVIRONMENT =
  /\b(?:process|Bun|import\.meta)\.env\b|\benv\b[^;=]*\}\s*=\s*(?:process|Bun)\b|\benv\b[^;]*\}\s*from\s*"(?:node:process|process|bun)"/g;

const WHOLE = /process\.env(?![.[])/g;

rule(
  "only config.ts reads the environment; main.ts and cli.ts hand it over",
  production,
  (sources) =>
    sources
      .filter(({ path }) => path !== `${SRC}config.ts`)
      .map((source) =>
        [`${SRC}main.ts`, `${SRC}cli.ts`].includes(source.path)
          ? { ...source, text: source.text.replace(/readConfig\([^)]*/g, (call) => call.replace(WHOLE, "")) }
          : source,
      )
      .flatMap((source) => matches(source, ENVIRONMENT)),
  src({
    "main.ts": "run(readConfig(process.env));\nconst port = process.env.PORT;\n",
    "cli.ts": "readConfig({ PORT: 1, ...process.env });\nreadConfig({ ...process.env, PORT: process.env.PORT });\n",
    "http/a.ts": "// process.env is not ours\nreadConfig(process.env);\nconst { env } = process;\nc.env.app.stop();\n",
    "http/b.ts": 'import { env, SQL } from "bun";\nBun.env.HOME;\n',
  }),
  `${SRC}main.ts:2`,
  `${SRC}cli.ts:2`,
  `${SRC}http/a.ts:2`,
  `${SRC}http/a.ts:3`,
  `${SRC}http/b.ts:1`,
  `${SRC}http/b.ts:2`,
);

const clients = (own: string, construction: RegExp, values: RegExp, packages: RegExp) => (sources: Source[]) => {
  const others = sources.filter(({ path }) => path !== SRC + own);
  const imported = importsOf(others).filter(
    ({ target, clause, isType }) =>
      !isType && (packages.test(target) || (target === "bun" && values.test(clause.replace(/\btype \w+/g, "")))),
  );
  return [...others.flatMap((source) => matches(source, construction)), ...imported.map(told)];
};

rule(
  "only platform/postgres.ts constructs SQL",
  production,
  clients(
    "platform/postgres.ts",
    /\bnew\s+(?:\w+\.)?SQL\b|\bBun\.(?:sql|SQL)\b/g,
    /\b(?:sql|SQL)\b/,
    /^(?:pg|postgres)$/,
  ),
  src({
    "platform/postgres.ts": 'import { SQL } from "bun";\nnew SQL({});\n',
    "platform/a.ts": 'import type { SQL } from "bun";\nimport { type SQL, serve } from "bun";\nnew SQL({});\n',
    "delivery/b.ts": 'import {\n  sql,\n} from "bun";\nimport pg from "pg";\n',
  }),
  `${SRC}platform/a.ts:3`,
  `${SRC}delivery/b.ts:1`,
  `${SRC}delivery/b.ts:4`,
);

rule(
  "only platform/redis.ts constructs a Redis client",
  production,
  clients("platform/redis.ts", /\bRedisClient\(|\bBun\.(?:redis|RedisClient)\b/g, /\bredis\b/i, /^(?:io)?redis$/),
  src({ "delivery/a.ts": 'import type { RedisClient } from "bun";\n\nnew RedisClient("redis://");\n' }),
  `${SRC}delivery/a.ts:3`,
);

rule(
  "only http, routes and api.ts import hono",
  production,
  (sources) =>
    importsOf(sources)
      .filter(({ target }) => /^(?:hono|@hono)(?:\/|$)/.test(target))
      .filter(({ path }) => areaOf(path) !== "http" && !isRoutes(path) && path !== `${SRC}api.ts`)
      .map(told),
  src({
    "http/a.ts": 'import { cors } from "hono/cors";\n',
    "features/a/routes.ts": 'import type { Context } from "hono";\n',
    "features/a/a.ts": 'import type { Context } from "hono";\nimport { z } from "@hono/zod-openapi";\n',
    "app.ts": 'import { cors } from "hono/cors";\n',
  }),
  `${SRC}features/a/a.ts:1`,
  `${SRC}features/a/a.ts:2`,
  `${SRC}app.ts:1`,
);
