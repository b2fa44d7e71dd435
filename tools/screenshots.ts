import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "@reelay/testkit/process.ts";

/* npm run screenshots: the pages of the dashboard, as they look on a seeded server, into docs/images. The browser is driven
   under Node by tools/screenshots.mjs. */

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const PASSWORD = "correct horse";
const BUN = process.execPath;

const folder = await temporaryFolder();
try {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    DATA_DIR: join(folder.path, "data"),
    PORT: "0",
    LOG_LEVEL: "warn",
  };
  const seeded = Bun.spawnSync([BUN, "apps/server/src/cli.ts", "seed", "--password", PASSWORD], { cwd: ROOT, env });
  const [, moderator = ""] = seeded.stdout.toString().match(/^ *moderator +(\S+)/m) ?? [];
  const [, reporter = ""] = seeded.stdout.toString().match(/^ *user +(\S+)/m) ?? [];
  if (!moderator) throw new Error(`The database was not seeded:\n${seeded.stderr}`);
  const server = Bun.spawn([BUN, "--no-orphans", "apps/server/src/main.ts"], { cwd: ROOT, env, stdout: "pipe" });
  try {
    const url = await addressOf(server.stdout);
    const images = join(ROOT, "docs/images");
    await mkdir(images, { recursive: true });
    const painter = Bun.spawn(["node", "tools/screenshots.mjs", url, moderator, reporter, PASSWORD, images], {
      cwd: ROOT,
      stdout: "inherit",
      stderr: "inherit",
    });
    process.exitCode = await painter.exited;
  } finally {
    server.kill("SIGTERM");
    await server.exited;
  }
} finally {
  await folder.remove();
}

/** Once it is up. */
async function addressOf(output: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of output) {
    text += new TextDecoder().decode(chunk);
    const [, url] = text.match(/is up on (\S+)/) ?? [];
    if (url) return url;
  }
  throw new Error(`The server did not start:\n${text}`);
}
