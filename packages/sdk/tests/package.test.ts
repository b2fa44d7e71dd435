import { afterAll, beforeAll, expect, test } from "bun:test";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serverForFile, signUp } from "@reelay/testkit";

/* The package as it is published: packed, and installed where nothing else of the repository is. */

const PACKAGE = fileURLToPath(new URL("../", import.meta.url));
const TSC = fileURLToPath(new URL("../../../node_modules/.bin/tsc", import.meta.url));

const { server } = serverForFile();
let app = "";
let packed: string[] = [];

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), "reelay-sdk-"));
  const said = await run(PACKAGE, "npm", "pack", "--json", "--silent", "--pack-destination", app);
  const [{ filename, files }] = Object.values(JSON.parse(said.slice(said.search(/^[[{]/m)))) as [
    { filename: string; files: { path: string }[] },
  ];
  packed = files.map(({ path }) => path);
  await run(app, "tar", "-xzf", filename);
  await mkdir(join(app, "node_modules/@reelay"), { recursive: true });
  await cp(join(app, "package"), join(app, "node_modules/@reelay/sdk"), { recursive: true });
  await Bun.write(join(app, "package.json"), '{ "type": "module" }');
}, 60_000);

afterAll(() => rm(app, { recursive: true, force: true }));

async function run(cwd: string, ...command: string[]): Promise<string> {
  const child = Bun.spawn(command, { cwd, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [output, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")}: ${output}${errors}`);
  return output;
}

test("it holds what is built, what is to be read, and nothing of its sources or tests", async () => {
  expect(packed).toEqual(
    expect.arrayContaining([
      "package.json",
      "README.md",
      "CHANGELOG.md",
      "LICENSE",
      "dist/index.js",
      "dist/index.d.ts",
    ]),
  );
  expect(packed.filter((path) => /^(?:src|tests)\/|tsconfig|(?<!\.d)\.ts$/.test(path))).toEqual([]);
});

test("it needs no other package, and names its types first", async () => {
  const manifest = await Bun.file(join(app, "package/package.json")).json();
  const { dependencies, peerDependencies, exports } = manifest;
  expect([dependencies, peerDependencies]).toEqual([undefined, undefined]);
  expect(Object.keys(exports["."])).toEqual(["types", "react-native", "default"]);
  for (const file of Object.values<string>(exports["."])) expect(packed).toContain(file.slice("./".length));
});

test("Node runs it: signs in, calls, and signs out", async () => {
  const ann = await signUp(server, "ann");
  await Bun.write(
    join(app, "main.js"),
    `import { createClient, createSession, ReelayError } from "@reelay/sdk";
     const [baseUrl, email, password] = process.argv.slice(2);
     const session = createSession({ baseUrl });
     const { api } = createClient({ baseUrl, session });
     await session.login({ email, password });
     const { id } = await api.getCurrentUser();
     await session.logout();
     const error = await api.getCurrentUser().catch((thrown) => thrown);
     console.log(JSON.stringify([id, error instanceof ReelayError, error.code, process.version]));`,
  );
  const said = await run(app, "node", "main.js", server.url, ann.email, ann.password);
  expect(JSON.parse(said)).toEqual([ann.id, true, "NEEDS_TOKEN", expect.stringMatching(/^v\d/)]);
});

test("its types are found, in Node's way and in that of bundlers, and are sound by themselves", async () => {
  await Bun.write(
    join(app, "main.ts"),
    `import { createClient, type Schemas } from "@reelay/sdk";
     const { api } = createClient({ baseUrl: "", getToken: () => null });
     export const videos: Promise<Schemas["ListedVideo"][]> = api.listVideos({ limit: 5 });
     // @ts-expect-error: a limit is a number
     api.listVideos({ limit: "5" });`,
  );
  await checkTypes("main.ts", "nodenext", "nodenext");
  await checkTypes("main.ts", "esnext", "bundler");
});

test("what the README shows is right, as far as types can tell", async () => {
  const readme = await Bun.file(join(app, "package/README.md")).text();
  const blocks = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  expect(blocks.length).toBeGreaterThan(3);
  await Bun.write(join(app, "readme.ts"), blocks.join("\n"));
  await checkTypes("readme.ts", "esnext", "bundler");
});

async function checkTypes(file: string, module: string, resolution: string): Promise<void> {
  const options = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,dom", "--types", ""];
  await run(app, TSC, ...options, "--module", module, "--moduleResolution", resolution, file);
}
