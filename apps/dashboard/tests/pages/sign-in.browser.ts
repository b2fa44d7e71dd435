import { expect, test } from "./world.ts";

test("a moderator signs in, stays signed in, and signs out", async ({ page, world }) => {
  const [mod] = await world.staff("moderator", "mod");
  await page.goto(`${world.url}/admin`);
  await page.getByLabel("Username or e-mail").fill(mod!.username);
  await page.getByLabel("Password").fill("not the password");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toHaveText("Wrong account or password.");
  await world.signIn(page, mod!);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Overview");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Overview");
  await page.getByRole("button", { name: mod!.username }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByLabel("Password")).toBeVisible();
});

test("who is no moderator is told so, and sees no page", async ({ page, world }) => {
  const [ann] = await world.people("ann");
  await page.goto(`${world.url}/admin/queue`);
  await page.getByLabel("Username or e-mail").fill(ann!.username);
  await page.getByLabel("Password").fill(ann!.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("not a moderator's");
  await expect(page.getByRole("navigation")).toHaveCount(0);
});

test("today's numbers move after a registration, at the next minute", async ({ page, world }) => {
  const [mod] = await world.staff("moderator", "watcher");
  await page.clock.install();
  await world.signIn(page, mod!);
  const users = page.getByRole("region", { name: "Users", exact: true });
  const today = async () => Number((await users.getByText(/today/).textContent())?.match(/\d+/)?.[0]);
  await expect(users).toContainText("today");
  const before = await today();
  expect(before).toBeGreaterThan(0);
  const fresh = { email: "fresh@example.com", username: "fresh", password: "correct horse" };
  await world.call("POST", "/auth/register", fresh);
  await page.clock.fastForward("01:01");
  await expect.poll(today).toBe(before + 1);
});

test("a chosen language and theme last", async ({ page, world }) => {
  const [mod] = await world.staff("moderator", "viet");
  await world.signIn(page, mod!);
  await page.getByRole("button", { name: mod!.username }).click();
  await page.getByLabel("Language").selectOption("vi");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Tổng quan");
  await page.getByLabel("Giao diện").selectOption("dark");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Tổng quan");
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe("dark");
});
