import type { Video } from "@reelay/contract";
import { bannerOf } from "../../apps/server/src/banner.ts";
import type { Guest } from "./guest.ts";
import { ADMIN, BANNED, CREATORS, MODERATOR, PASSWORD, VIEWERS } from "./world.ts";

/** Where the demo is, which accounts it has, and what to try first. */
export async function closingWords(url: string, guests: ReadonlyMap<string, Guest>): Promise<string> {
  const watcher = guests.get(VIEWERS[0]!.username)!;
  const [newest] = await watcher.get<Video[]>("/videos?limit=1");
  return `${bannerOf("The demo", url)}

Log in as any of them. The password is "${PASSWORD}" for all: this is a demo.
${(await whoIsThere(guests)).join("\n")}

Try
  a video         ${url}${newest!.url}
  the feed        curl -s "${url}/api/v1/videos?limit=3"
  logging in      curl -s ${url}/api/v1/auth/login -d username=${VIEWERS[0]!.username} -d password=${PASSWORD}
  a ban           the same as ${BANNED.username}, and read the answer
  your own app    with the base URL ${url}/api/v1 (README.md, "Point your existing front end here")

Ctrl-C stops it and removes everything it made.`;
}

async function whoIsThere(guests: ReadonlyMap<string, Guest>): Promise<string[]> {
  const roles = [
    { role: "admin", people: [ADMIN] },
    { role: "moderator", people: [MODERATOR] },
    { role: "creator", people: CREATORS },
    { role: "viewer", people: VIEWERS },
  ];
  const lines = roles.flatMap(({ role, people }) => people.map(({ username }) => describe(guests, username, role)));
  return [...(await Promise.all(lines)), line(BANNED.username, "banned", "reads why at every login")];
}

async function describe(guests: ReadonlyMap<string, Guest>, username: string, role: string): Promise<string> {
  const { videoCount, unreadMessages, unseenNotifications } = await guests.get(username)!.me();
  const facts = [
    [videoCount, "videos"],
    [unreadMessages, "unread"],
    [unseenNotifications, "on the bell"],
  ].flatMap(([count, what]) => (count ? `${count} ${what}` : []));
  return line(username, role, facts.join(", "));
}

function line(username: string, role: string, facts: string): string {
  return `  ${username.padEnd(14)}${role.padEnd(12)}${facts}`.trimEnd();
}
