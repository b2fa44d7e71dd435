import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Flags under which a page is all that the browser looks at: none of its own errands reach the network. */
const FLAGS = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"],
];

/** A headless Chromium that shows one page until it is closed. */
export async function openBrowser(url: string): Promise<{ close(): Promise<void> }> {
  const profile = await mkdtemp(join(tmpdir(), "reelay-browser-"));
  const chromium = Bun.spawn(["chromium", ...FLAGS, `--user-data-dir=${profile}`, "--remote-debugging-port=0", url], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
  });
  return {
    async close() {
      chromium.kill();
      await chromium.exited;
      await rm(profile, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}
