import { join } from "node:path";

const CONFIG = "apps/dashboard/tests/pages/playwright.config.ts";

type Run = { root: string; environment: Record<string, string>; filters: readonly string[]; signal: AbortSignal };

/** The tests of the dashboard in a browser, which Playwright runs under Node. What is skipped or flaky counts as failed. */
export async function runBrowserTests({ root, environment, filters, signal }: Run) {
  const report = join(environment.TMPDIR ?? "", "browser-tests.json");
  const runner = Bun.spawn(
    [
      ...["node", join(root, "node_modules/@playwright/test/cli.js"), "test"],
      ...["--config", CONFIG, "--reporter", "line,json", ...filters],
    ],
    {
      cwd: root,
      env: { ...process.env, ...environment, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
      stdin: "ignore",
      stdout: "inherit",
      stderr: "inherit",
      signal,
    },
  );
  const exitCode = await runner.exited;
  const { stats } = await Bun.file(report)
    .json()
    .catch(() => ({ stats: { expected: 0, unexpected: 1, flaky: 0, skipped: 0 } }));
  const failed = stats.unexpected + stats.flaky + stats.skipped;
  return { passed: stats.expected, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}
