import { expect, test } from "bun:test";
import { fileURLToPath } from "node:url";
import { ServerProcess, temporaryFolder } from "@reelay/testkit";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

test("the README's tour works as it is pasted", async () => {
  const readme = await Bun.file(`${ROOT}README.md`).text();
  const blocks = [...readme.matchAll(/```sh tour\n([\s\S]*?)```/g)].map(([, block]) => block);
  expect(blocks.length).toBeGreaterThan(3);
  const folder = await temporaryFolder();
  const server = ServerProcess.spawn(folder.path);
  const host = new URL(await server.url()).host;
  const script = blocks
    .join("\n")
    .replaceAll("localhost:3000", host)
    .replaceAll("/tmp/listen.mjs", `${folder.path}/listen.mjs`);
  const shell = Bun.spawn(["bash", "-m"], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: folder.path },
    stdin: new Blob([`${script}\nkill %1\n`]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, errors] = await Promise.all([new Response(shell.stdout).text(), new Response(shell.stderr).text()]);
  expect(errors).not.toContain("rror");
  const listened = output.slice(output.indexOf("connected"));
  expect(listened).toMatch(/message:new[\s\S]*Are you there\?[\s\S]*message:new[\s\S]*There you are!/);
  server.kill("SIGTERM");
  expect((await server.exited).code).toBe(0);
  await folder.remove();
});

test("the table of the configuration names every variable, .env.example every limit, with the value that holds", async () => {
  const source = await Bun.file(`${ROOT}apps/server/src/config.ts`).text();
  const readme = await Bun.file(`${ROOT}README.md`).text();
  const example = await Bun.file(`${ROOT}.env.example`).text();
  const variables = [...source.matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)].map(([, name]) => name!);
  expect(variables).toContain("RATE_SIGNUPS_PER_HOUR");
  expect(variables.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  const limits = [...source.matchAll(/^ {2}(\w+(?:_PER_\w+|_DISK_MB)): (?:rate\(|.*default\()([\d_]+)\)/gm)];
  expect(limits.length).toBeGreaterThan(12);
  for (const [, name, digits] of limits) {
    const value = digits!.replaceAll("_", "");
    expect(readme).toContain(`| \`${name}\` | \`${value}\` |`);
    expect(example).toContain(`# ${name}=${value}\n`);
  }
});
