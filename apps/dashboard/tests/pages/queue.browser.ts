import type { Browser } from "@playwright/test";
import { expect, type Page, type Someone, type Target, test, type World } from "./world.ts";

const heading = (page: Page) => page.locator("article > header h2");

/** A page of an app, which writes down what its socket hears, and how it ends. */
async function openApp(browser: Browser, world: World, { token }: Someone): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${world.url}/docs`);
  await page.evaluate(async (token) => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/v1/ws?token=${token}`);
    socket.onmessage = ({ data }) => heard.push(JSON.parse(data).type);
    socket.onclose = ({ code }) => heard.push(`closed ${code}`);
    await new Promise((resolve) => socket.addEventListener("open", resolve));
  }, token);
  return page;
}

const heardBy = (page: Page) => page.evaluate(() => (window as unknown as { heard: string[] }).heard);

async function decide(page: Page, key: string, title: string, next: string | null): Promise<void> {
  await page.keyboard.press(key);
  await expect(page.getByRole("dialog", { name: title })).toBeVisible();
  await page.keyboard.press("1");
  await page.keyboard.press("Enter");
  if (next) await expect(heading(page)).toHaveText(next);
}

test("the queue is worked by the keyboard alone, and a ban is undone from the audit log", async ({
  page,
  world,
  browser,
}) => {
  const [mod] = await world.staff("moderator", "mod");
  const [owner, banned, reporter] = await world.people("owner", "banned", "reporter");
  const subjects: [string, string, Someone][] = [
    ["One to warn", "minors", owner!],
    ["Two to hide", "violence", owner!],
    ["Three to ban", "hate", banned!],
    ["Four to reject", "spam", owner!],
  ];
  const targets: Target[] = [];
  for (const [title, category, by] of subjects) {
    const target = await world.video(by, title);
    await world.report(reporter!, target, category);
    targets.push(target);
  }
  const app = await openApp(browser, world, banned!);
  await world.signIn(page, mod!, "/queue");
  await expect(page.getByRole("list", { name: "What is to be decided" }).getByRole("listitem")).toHaveCount(4);
  const titles = await page.locator(".rows .name").allTextContents();
  const keys: Record<string, [key: string, dialog: string]> = {
    "One to warn": ["w", "Warn the author"],
    "Two to hide": ["h", "Hide it"],
    "Three to ban": ["b", "Ban the author"],
    "Four to reject": ["r", "Reject the reports"],
  };
  await page.keyboard.press("n");
  for (const [index, title] of titles.entries()) {
    await expect(heading(page)).toHaveText(title);
    await expect(heading(page)).toBeFocused();
    const [key, dialog] = keys[title]!;
    await decide(page, key, dialog, titles[index + 1] ?? null);
  }
  await expect(page.locator(".queue-none")).toContainText(/Nothing waits\. Last decided \d\d:\d\d/);
  await expect.poll(() => heardBy(app)).toContain("admin:user_banned");
  await expect.poll(() => heardBy(app)).toContain("closed 4003");
  const hidden = await world.call("GET", `/videos/${targets[1]!.targetId}`, undefined, owner!);
  expect(hidden.isHidden).toBe(true);
  expect(await world.call("GET", "/notifications", undefined, owner!)).toMatchObject([
    { type: "admin_warning" },
    { type: "admin_warning" },
  ]);

  await page.getByRole("link", { name: "Audit log" }).click();
  const entry = page
    .getByRole("row")
    .filter({ hasText: '"ban"' })
    .or(page.getByRole("row").filter({ hasText: /action ban/ }));
  await entry.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("status")).toContainText("Undone.");
  await expect(entry).toContainText("Undone");
  const { user } = await world.call("POST", "/auth/login", { username: banned!.username, password: banned!.password });
  expect(user.id).toBe(banned!.id);
  await app.close();
  await world.call("POST", "/admin/queue/decide", { ...targets[2], verdict: "rejected" }, mod!);
});

test("u undoes what was decided last, and the subject waits again", async ({ page, world }) => {
  const [mod] = await world.staff("moderator", "undoer");
  const [owner, reporter] = await world.people("owner", "reporter");
  const target = await world.video(owner!, "Deleted by mistake");
  await world.report(reporter!, target, "violence");
  await world.signIn(page, mod!, "/queue");
  await page.keyboard.press("n");
  await expect(heading(page)).toBeFocused();
  await decide(page, "d", "Delete it", null);
  await expect(page.getByRole("status")).toContainText("Deleted");
  await expect(page.getByRole("status").getByRole("button", { name: "Undo" })).toBeVisible();
  await page.keyboard.press("u");
  await expect(page.getByRole("status")).toContainText("Undone.");
  await expect(page.locator(".rows")).toContainText("Deleted by mistake");
  expect((await world.call("GET", `/videos/${target.targetId}`)).title).toBe("Deleted by mistake");
  await world.call("POST", "/admin/queue/decide", { ...target, verdict: "rejected" }, mod!);
});

test("two moderators who press next at once get two subjects", async ({ page, world, browser }) => {
  const [first, second] = await world.staff("moderator", "first", "second");
  const [owner, reporter] = await world.people("owner", "reporter");
  const targets: Target[] = [];
  for (const title of ["Left", "Right"]) {
    const target = await world.video(owner!, title);
    await world.report(reporter!, target, "hate");
    targets.push(target);
  }
  const other = await browser.newPage();
  await world.signIn(page, first!, "/queue");
  await world.signIn(other, second!, "/queue");
  await Promise.all([page.keyboard.press("n"), other.keyboard.press("n")]);
  await expect(heading(page)).toBeVisible();
  await expect(heading(other)).toBeVisible();
  const shown = [await heading(page).textContent(), await heading(other).textContent()];
  expect(shown.toSorted()).toEqual(["Left", "Right"]);

  // What somebody else has claimed says so, and cannot be decided.
  const others = page.getByRole("button", { name: shown[1]! });
  await others.click();
  await expect(page.getByText(`${second!.username} works on it until`)).toBeVisible();
  await page.keyboard.press("r");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("toolbar").getByRole("button", { name: "Reject" })).toHaveAccessibleDescription(
    `${second!.username} is working on it.`,
  );
  await other.close();
  for (const [index, target] of targets.entries()) {
    const by = shown[0] === ["Left", "Right"][index] ? first! : second!;
    await world.call("POST", "/admin/queue/decide", { ...target, verdict: "rejected" }, by);
  }
});

test("a decision that somebody else was faster with is shown", async ({ page, world }) => {
  const [slow, fast] = await world.staff("moderator", "slow", "fast");
  const [owner, reporter] = await world.people("owner", "reporter");
  const target = await world.video(owner!, "Wanted by two");
  await world.report(reporter!, target, "spam");
  await world.signIn(page, slow!, `/queue?subject=video:${target.targetId}`);
  await expect(heading(page)).toHaveText("Wanted by two");
  await page.keyboard.press("w");
  await world.call("POST", "/admin/queue/decide", { ...target, verdict: "rejected", result: "Fine" }, fast!);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText(`${fast!.username} decided this at`);
  await expect(page.getByRole("alert")).toContainText("Rejected");
});

test("Tab goes through the form of a decision in the order in which it is read, and Escape leads back", async ({
  page,
  world,
}) => {
  const [mod] = await world.staff("moderator", "tabber");
  const [owner, reporter] = await world.people("owner", "reporter");
  const target = await world.video(owner!, "To be tabbed");
  await world.report(reporter!, target, "spam");
  await world.signIn(page, mod!, `/queue?subject=video:${target.targetId}`);
  const ban = page.getByRole("toolbar").getByRole("button", { name: "Ban" });
  await ban.focus();
  await page.keyboard.press("Enter");
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement;
      return element.labels?.[0]?.textContent?.trim() || element.ariaLabel || element.textContent?.trim();
    });
  const order: (string | null | undefined)[] = [await focused()];
  for (let step = 0; step < 6; step++) {
    await page.keyboard.press("Tab");
    order.push(await focused());
  }
  expect(order).toEqual([
    "1Spam or repeated advertising.",
    "What the person reads",
    "What the reporters read",
    "7 days",
    "Go on to the next subject",
    "Cancel",
    "Confirm",
  ]);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(ban).toBeFocused();
  await world.call("POST", "/admin/queue/decide", { ...target, verdict: "rejected" }, mod!);
});
