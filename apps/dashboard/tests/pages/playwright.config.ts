import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

const DEADLINE_MS = 60_000;
const ASSERTION_DEADLINE_MS = 15_000;

export default defineConfig({
  testDir: ".",
  testMatch: "*.browser.ts",
  outputDir: join(tmpdir(), "reelay-browser-tests"),
  workers: 2,
  forbidOnly: true,
  timeout: DEADLINE_MS,
  expect: { timeout: ASSERTION_DEADLINE_MS },
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
  },
});
