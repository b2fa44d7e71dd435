import type { Comment, Message, Report as Reported, Video as Uploaded } from "@reelay/contract";
import { avatarOf } from "./avatars.ts";
import type { Clip } from "./clips.ts";
import { Guest } from "./guest.ts";
import { type Remark, VIDEOS, type Video } from "./videos.ts";
import {
  ADMIN,
  BAN,
  BANNED,
  BOOKMARKS,
  CONVERSATIONS,
  type Conversation,
  CREATORS,
  FOLLOWS,
  MODERATOR,
  PASSWORD,
  type Person,
  REPORTS,
  type Report,
  TAKEDOWN,
  VIEWERS,
} from "./world.ts";

export type Tools = {
  /** One for each of VIDEOS. */
  clips: Promise<Clip[]>;
  /** Makes an account a moderator, which is an operator's to do. */
  appoint: (username: string) => Promise<void>;
  signal: AbortSignal;
};

/** What has come to be, by what the world calls it. */
type World = {
  guests: Map<string, Guest>;
  videos: Map<string, Uploaded>;
  /** Comments and messages, by their text. */
  texts: Map<string, number>;
};

/** Lets the world happen on a new server, whose admin exists, by its API alone. Answers the people, logged in. */
export async function populate(url: string, { clips, appoint, signal }: Tools): Promise<Map<string, Guest>> {
  const people = [MODERATOR, ...CREATORS, ...VIEWERS, BANNED];
  await Promise.all(people.map((person) => register(new Guest(url, signal), person)));
  await appoint(MODERATOR.username);
  const entries = [ADMIN, ...people].map(
    async (person) => [person.username, await arrive(url, person, signal)] as const,
  );
  const world: World = { guests: new Map(await Promise.all(entries)), videos: new Map(), texts: new Map() };
  await follow(world);
  for (const [index, clip] of (await clips).entries()) await publish(world, VIDEOS[index]!, clip);
  for (const [index, video] of VIDEOS.entries()) await watch(world, video, index);
  for (const [by, title] of BOOKMARKS) await guest(world, by).post(`/social/bookmarks/${idOf(world, title)}`);
  for (const conversation of CONVERSATIONS) await chat(world, conversation);
  await moderate(world);
  await readSome(world);
  return world.guests;
}

async function register(anybody: Guest, { username, fullName }: Person): Promise<void> {
  await anybody.post("/auth/register", { email: `${username}@example.com`, username, password: PASSWORD, fullName });
}

/** Logs in and completes the profile. */
async function arrive(url: string, { username, fullName, bio }: Person, signal: AbortSignal): Promise<Guest> {
  const guest = new Guest(url, signal);
  await guest.logIn(username, PASSWORD);
  await guest.put("/users/me", { fullName, bio });
  const form = new FormData();
  form.set("file", avatarOf(username), `${username}.png`);
  await guest.post("/users/me/avatar", form);
  return guest;
}

async function follow(world: World): Promise<void> {
  for (const [by, others] of Object.entries(FOLLOWS)) {
    await Promise.all(others.map((other) => guest(world, by).post(`/users/${guest(world, other).id}/follow`)));
  }
}

async function publish(world: World, { by, title, description, visibility = "public" }: Video, clip: Clip) {
  const form = new FormData();
  form.set("title", title);
  form.set("description", description);
  form.set("visibility", visibility);
  form.set("file", clip.video, "clip.mp4");
  form.set("thumb", clip.thumb, "thumb.jpg");
  world.videos.set(title, await guest(world, by).post<Uploaded>("/videos/", form));
}

/** As many as like it, and a few more, look at it; another group each time. */
async function watch(world: World, { by, title, likes, remarks = [] }: Video, index: number): Promise<void> {
  const id = idOf(world, title);
  const others = [...world.guests.keys()].filter((name) => ![by, ADMIN.username, BANNED.username].includes(name));
  const audience = others.map((_, n) => guest(world, others[(n + index) % others.length]!));
  const viewers = likes === 0 ? [] : audience.slice(0, likes + 2);
  await Promise.all(viewers.map((viewer) => viewer.post(`/videos/${id}/view`)));
  await Promise.all(audience.slice(0, likes).map((viewer) => viewer.post(`/videos/${id}/like`)));
  await Promise.all(audience.slice(0, likes / 4).map((viewer) => viewer.post(`/videos/${id}/share`)));
  for (const remark of remarks) await comment(world, id, remark, null);
}

async function comment(world: World, videoId: number, { by, text, answers = [] }: Remark, parentId: number | null) {
  const { id } = await guest(world, by).post<Comment>("/comments/", { videoId, content: text, parentId });
  world.texts.set(text, id);
  for (const answer of answers) await comment(world, videoId, answer, id);
}

/** Everything is read but the last lines. */
async function chat(world: World, { lines, between: [one, other], unread }: Conversation): Promise<void> {
  for (const [index, [from, content]] of lines.entries()) {
    if (index === lines.length - unread) await readAll(world, one, other);
    const receiverId = guest(world, from === one ? other : one).id;
    const { id } = await guest(world, from).post<Message>("/messages/", { receiverId, content });
    world.texts.set(content, id);
  }
  if (unread === 0) await readAll(world, one, other);
}

async function readAll(world: World, one: string, other: string): Promise<void> {
  await guest(world, one).put(`/messages/${guest(world, other).id}/read`);
  await guest(world, other).put(`/messages/${guest(world, one).id}/read`);
}

/** Reports come in, some are decided, a video is taken down, somebody is banned. Some stay to be tried. */
async function moderate(world: World): Promise<void> {
  for (const { by, on, reason, description, decision } of REPORTS) {
    const report = { ...targetOf(world, on), reason, description };
    const { id } = await guest(world, by).post<Reported>("/reports/", report);
    if (!decision) continue;
    const { status, result } = decision;
    await guest(world, decision.by).post(`/admin/reports/${id}/resolve`, { status, result });
  }
  const { by, video, reason } = TAKEDOWN;
  await guest(world, by).delete(`/admin/videos/${idOf(world, video)}`, { reason });
  await guest(world, BAN.by).post(`/admin/users/${guest(world, BAN.user).id}/ban`, { reason: BAN.reason });
}

function targetOf(world: World, on: Report["on"]): { targetType: string; targetId: number } {
  const [[targetType, name]] = Object.entries(on) as [[string, string]];
  if (targetType === "user") return { targetType, targetId: guest(world, name).id };
  if (targetType === "video") return { targetType, targetId: idOf(world, name) };
  return { targetType, targetId: known(world.texts.get(name), name) };
}

/** Every other one has seen their notifications. */
async function readSome(world: World): Promise<void> {
  const names = CREATORS.filter((_, index) => index % 2 === 1);
  await Promise.all(names.map(({ username }) => guest(world, username).post("/notifications/mark-all-seen")));
}

function guest({ guests }: World, username: string): Guest {
  return known(guests.get(username), username);
}

function idOf({ videos }: World, title: string): number {
  return known(videos.get(title), title).id;
}

function known<T>(found: T | undefined, name: string): T {
  if (found === undefined) throw new Error(`The demo speaks of "${name}", which it does not have.`);
  return found;
}
