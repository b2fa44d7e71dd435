import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page, type Someone, type Target, test, type World } from "./world.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const HOSTILE = `<img src=x onerror="window.broken = true"> \u202Egnp.exe \u2066${"🏳️‍🌈".repeat(20)} ${"W".repeat(200)}`;

type Filled = { mod: Someone; owner: Someone; target: Target; reportId: number };
let filled: Filled;

/** Something of everything, written by people who mean harm. */
async function fill(world: World): Promise<Filled> {
  const [mod] = await world.staff("moderator", "mod");
  const [owner, reporter, banned] = await world.people("owner", "reporter", "banned");
  const target = await world.video(owner!, HOSTILE);
  await world.report(reporter!, target, "hate", HOSTILE.slice(0, 480));
  const video = { videoId: target.targetId };
  const comment = await world.call("POST", "/comments", { ...video, content: "<b>é</b> ".repeat(200) }, reporter!);
  await world.report(owner!, { targetType: "comment", targetId: comment.id }, "spam");
  const other = await world.video(banned!, "Somebody's");
  await world.report(reporter!, other, "violence");
  const asked = { ...other, verdict: "upheld", action: "warn", reason: HOSTILE.slice(0, 400) };
  const { decision } = await world.call("POST", "/admin/queue/decide", asked, mod!);
  await world.call("POST", "/appeals", { decisionId: decision.id, text: HOSTILE.repeat(10) }, banned!);
  await world.call("POST", "/admin/notes", { targetType: "user", targetId: owner!.id, text: HOSTILE }, mod!);
  const { reports } = await world.call("GET", "/admin/reports?status=pending", undefined, mod!);
  return { mod: mod!, owner: owner!, target, reportId: reports[0].id };
}

test.beforeAll(async ({ world }) => {
  filled = await fill(world);
});

const pagesOf = ({ owner, target, reportId }: Filled) => [
  "",
  "/queue",
  `/queue?subject=video:${target.targetId}`,
  "/appeals",
  "/users",
  `/users/${owner.id}`,
  "/videos",
  `/videos/${target.targetId}`,
  "/reports",
  `/reports/${reportId}`,
  "/audit",
];

async function open(page: Page, world: World, path: string): Promise<void> {
  await page.goto(`${world.url}/admin${path}`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText("Loading…")).toHaveCount(0);
}

/** What axe finds that is serious, by rule and place. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<{ violations: any[] }> } };
    const { violations } = await axe.run();
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    return serious.flatMap(({ id, nodes }) => nodes.map(({ target }: { target: string[] }) => `${id} ${target}`));
  });
}

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing serious on any page, ${theme}`, async ({ page, world }) => {
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(`${world.url}/admin`);
    await expect(page.getByLabel("Password")).toBeVisible();
    expect(await violationsOf(page)).toEqual([]);
    await world.signIn(page, filled.mod);
    for (const path of pagesOf(filled)) {
      await open(page, world, path);
      expect([path, await violationsOf(page)]).toEqual([path, []]);
    }
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog")).toBeVisible();
    expect(await violationsOf(page)).toEqual([]);
  });
}

test("hostile text is text on every page, and fits a phone", async ({ page, world }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await world.signIn(page, filled.mod);
  for (const path of pagesOf(filled)) {
    await open(page, world, path);
    const { overflow, broken } = await page.evaluate(() => ({
      overflow: document.documentElement.scrollWidth - innerWidth,
      broken: "broken" in window,
    }));
    expect([path, overflow, broken]).toEqual([path, 0, false]);
  }
});

test("keys do nothing while somebody types, and / goes to the search", async ({ page, world }) => {
  await world.signIn(page, filled.mod, "/users");
  await expect(page.getByRole("table")).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.type("owner?");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("searchbox")).toHaveValue("owner?");
  await expect(page).toHaveURL(/search=owner%3F/);
  await expect(page.getByText("Nothing matches.")).toBeVisible();
});

test("reported media is blurred, grey, muted and still, until the reader wants it otherwise", async ({
  page,
  world,
}) => {
  await world.signIn(page, filled.mod, `/queue?subject=video:${filled.target.targetId}`);
  const media = page.locator(".evidence .media");
  const missing = page.getByText("The file is not there any more.");
  await expect(media.or(missing)).toBeVisible();
  await page.getByRole("button", { name: filled.mod.username }).click();
  for (const name of ["Blurred", "Grey", "Muted", "No autoplay"]) {
    await expect(page.getByRole("checkbox", { name })).toBeChecked();
  }
  await page.getByRole("checkbox", { name: "Grey" }).uncheck();
  await page.reload();
  await page.getByRole("button", { name: filled.mod.username }).click();
  await expect(page.getByRole("checkbox", { name: "Grey" })).not.toBeChecked();
  await expect(page.getByRole("checkbox", { name: "Blurred" })).toBeChecked();
});
