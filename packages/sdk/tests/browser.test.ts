import { afterAll, beforeAll, expect, test } from "bun:test";
import { fileURLToPath } from "node:url";
import { mp4, openBrowser, type Person, promote, serverForFile, signUp, waitFor } from "@reelay/testkit";
import type { Server } from "bun";

/* A page in a real browser: what only it has, XMLHttpRequest, localStorage and Web Locks. */

const PAGE = '<!doctype html><body><script type="module" src="/page.js"></script>';

const { server } = serverForFile();
const reports = new Map<string, unknown>();
let ann: Person;
let site: Server<undefined>;
let browser: { close(): Promise<void> };

beforeAll(async () => {
  ann = await signUp(server, "ann");
  const code = await pageCode();
  const outdated = afterTwo(() => outdateTokens(ann));
  site = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    routes: {
      "/": () => new Response(PAGE, { headers: { "content-type": "text/html" } }),
      "/page.js": () => new Response(code, { headers: { "content-type": "text/javascript" } }),
      "/file": () => new Response(new Uint8Array(mp4({ size: 4_000_000 }))),
      "/report": async (request) => {
        const [name, result] = (await request.json()) as [string, unknown];
        reports.set(name, result);
        return new Response();
      },
      "/outdated": async () => {
        await outdated();
        return new Response();
      },
      "/api/v1/videos": () => new Promise<Response>(() => {}),
    },
  });
  browser = await openBrowser(`${site.url}#${[server.url, ann.email, ann.password].join(",")}`);
}, 60_000);

afterAll(async () => {
  await browser.close();
  await site.stop(true);
});

async function pageCode(): Promise<string> {
  const entry = fileURLToPath(new URL("browser-page.ts", import.meta.url));
  const { outputs } = await Bun.build({ entrypoints: [entry], target: "browser" });
  return (await outputs[0]?.text()) ?? "";
}

/** Each caller waits for the second one, and then for `work`, which is done once. */
function afterTwo(work: () => Promise<void>): () => Promise<void> {
  const done = Promise.withResolvers<void>();
  let callers = 0;
  return async () => {
    if (++callers === 2) done.resolve(work());
    await done.promise;
  };
}

async function outdateTokens({ id }: Person): Promise<void> {
  const admin = await signUp(server, "admin");
  await promote(server, admin, "admin");
  await admin.post(`/admin/users/${id}/ban`, { reason: "spam" });
  await admin.post(`/admin/users/${id}/unban`);
}

const reported = (name: string) => waitFor(() => (reports.has(name) ? { result: reports.get(name) } : undefined));

test("a page of another origin signs in, and reads what headers say", async () => {
  expect(await reported("login")).toEqual({ result: ann.id });
  expect(await reported("headers")).toEqual({ result: true });
});

test("an upload tells its progress in steps, from 0 to 1", async () => {
  expect(await reported("upload")).toEqual({ result: ["a", 0, 1, true, true] });
});

test("an upload is ended by its signal, on its way and before; without a network it fails as any request", async () => {
  expect(await reported("aborted")).toEqual({ result: ["ABORTED", true] });
  expect(await reported("aborted early")).toEqual({ result: "ABORTED" });
  expect(await reported("offline")).toEqual({ result: "NETWORK_ERROR" });
});

test("a lock that a frozen tab holds is not waited for for ever, and nothing is done twice", async () => {
  expect(await reported("lock that is never let go")).toEqual({ result: [1, 1] });
  expect(await reported("lock of work that fails")).toEqual({ result: ["it failed", 1] });
});

test("two tabs whose token is refused at once refresh it once, and both go on", async () => {
  for (const tab of ["tab 1", "tab 2"]) expect(await reported(tab)).toEqual({ result: [ann.id, ann.id, ann.id] });
  const [tokens] = await server.app.sql`
    select count(*)::int as count from refresh_tokens t join sessions s on s.id = t.session_id
    where s.user_id = ${ann.id} and s.id = (select max(id) from sessions where user_id = ${ann.id})`;
  expect(tokens.count).toBe(2);
});
