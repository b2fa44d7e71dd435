// Writes a picture of each page of the dashboard, light and dark on a desk, and light on a phone. Run by screenshots.ts.
import { chromium } from "@playwright/test";

const [url, moderator, reporter, password, images] = process.argv.slice(2);
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 740 };
const LOOKS = [
  { name: "light", viewport: DESK, colorScheme: "light" },
  { name: "dark", viewport: DESK, colorScheme: "dark" },
  { name: "phone", viewport: PHONE, colorScheme: "light" },
];
const CATEGORIES = ["harassment", "violence", "spam", "minors", "hate", "sexual"];

await reportSome();
const subjects = (await call("GET", "/admin/queue", await tokenOf(moderator))).subjects;
const { targetType, targetId, author } = subjects.find((subject) => subject.targetType === "video");
const PAGES = [
  ["overview", ""],
  ["queue", `/queue?subject=${targetType}:${targetId}`],
  ["appeals", "/appeals"],
  ["users", "/users"],
  ["user", `/users/${author.id}`],
  ["videos", "/videos"],
  ["video", `/videos/${targetId}`],
  ["reports", "/reports"],
  ["audit", "/audit"],
];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const { name, ...look } of LOOKS) {
  const page = await browser.newPage({ ...look, locale: "en-GB" });
  await page.goto(`${url}/admin`);
  await page.getByLabel("Password").waitFor();
  await page.screenshot({ path: `${images}/sign-in-${name}.png` });
  await page.getByLabel("Username or e-mail").fill(moderator);
  await page.getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
  for (const [file, path] of PAGES) {
    await page.locator("#content h1").waitFor();
    await page.goto(`${url}/admin${path}`, { waitUntil: "networkidle" });
    await page.screenshot({ path: `${images}/${file}-${name}.png` });
  }
  await page.close();
}
await browser.close();

/** A queue in which some things wait more urgently than others. */
async function reportSome() {
  const token = await tokenOf(reporter);
  const { id } = await call("GET", "/users/me", token);
  const videos = await call("GET", "/videos?limit=20", token);
  const others = videos.filter(({ ownerId }) => ownerId !== id);
  for (const [index, category] of CATEGORIES.entries()) {
    const target = { targetType: "video", targetId: others[index].id };
    await call("POST", "/reports", token, { ...target, category, reason: `This looks like ${category}` });
  }
}

async function tokenOf(username) {
  const { accessToken } = await call("POST", "/auth/login", undefined, { username, password });
  return accessToken;
}

async function call(method, path, token, body) {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(`${url}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}
