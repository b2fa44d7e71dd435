import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { type DurableType, EVENTS } from "@reelay/contract";
import {
  addVideo,
  type Frame,
  type Person,
  peopleOf,
  promote,
  startTestServer,
  type TestServer,
  type TestSocket,
} from "@reelay/testkit";

/*
 * What an app shows, fetched before, with the events of a resumable socket applied to it, is what it would fetch after.
 * For every durable event, and for all of them in one stream.
 */

/** What a screen holds: the talk with one peer, the bell, one's reports and videos, and the two badges. */
type Screen = {
  talk: { id: number; content: string; seen: boolean }[];
  bell: { id: number; type: string; seen: boolean }[];
  reports: { id: number; status: string; result: string | null }[];
  videos: number[];
  unread: number;
  unseen: number;
};

let server: TestServer;
let me: Person;
let peer: Person;
let admin: Person;
let videoId: number;

beforeAll(async () => {
  server = await startTestServer({ env: { RATE_MESSAGES_PER_MINUTE: "0" } });
});

afterAll(() => server.stop());

beforeEach(async () => {
  [me, peer, admin] = await peopleOf(server, "me", "peer", "admin");
  await promote(server, admin, "admin");
  videoId = await addVideo(server, me);
});

async function fetchScreen(): Promise<{ screen: Screen; cursor: string }> {
  const first = await me.get(`/messages/conversation/${peer.id}`);
  const [bell, reports, videos, unread, unseen] = await Promise.all([
    me.get("/notifications"),
    me.get("/reports/my"),
    me.get(`/videos/user/${me.id}`),
    me.get("/messages/unread/count"),
    me.get("/notifications/unseen/count"),
  ]);
  const screen = {
    talk: first.body.map(({ id, content, seen }: any) => ({ id, content, seen })),
    bell: bell.body.map(({ id, type, seen }: any) => ({ id, type, seen })),
    reports: reports.body.map(({ id, status, result }: any) => ({ id, status, result })),
    videos: videos.body.map(({ id }: any) => id),
    unread: unread.body,
    unseen: unseen.body,
  };
  // The first list's: read before all the others, so that what happened meanwhile comes again rather than not at all.
  return { screen, cursor: first.headers.get("x-event-cursor")! };
}

/** Applies an event. What comes a second time must change nothing. */
function apply(screen: Screen, { type, data }: Frame): void {
  const { talk, bell, reports } = screen;
  switch (type) {
    case "message:new":
    case "message:sent": {
      const { id, content, seen } = data;
      if (!talk.some((each) => each.id === id)) talk.push({ id, content, seen });
      return;
    }
    case "message:seen":
    case "message:read":
      for (const each of talk) if (data.messageIds.includes(each.id)) each.seen = true;
      return;
    case "message:deleted":
      screen.talk = talk.filter(({ id }) => id !== data.messageId);
      return;
    case "notification:new":
      if (!bell.some(({ id }) => id === data.id)) bell.unshift({ id: data.id, type: data.type, seen: data.seen });
      return;
    case "notification:seen":
      for (const each of bell) if (data.notificationIds.includes(each.id)) each.seen = true;
      return;
    case "notification:revoked":
      screen.bell = bell.filter(({ id }) => !data.notificationIds.includes(id));
      return;
    case "admin:video_deleted":
      screen.videos = screen.videos.filter((id) => id !== data.videoId);
      return;
    case "admin:report_resolved":
      for (const each of reports) {
        if (each.id === data.reportId) Object.assign(each, { status: data.status, result: data.result });
      }
      return;
    case "message:unread_count":
      screen.unread = data.count;
      return;
    case "notification:unseen_count":
      screen.unseen = data.count;
  }
}

async function applyAll(screen: Screen, socket: TestSocket): Promise<void> {
  for (const frame of socket.frames) {
    if (frame.type === "sync:stale") Object.assign(screen, (await fetchScreen()).screen);
    else apply(screen, frame);
  }
}

async function write(by: Person, to: Person): Promise<number> {
  return (await by.post("/messages/", { receiverId: to.id, content: crypto.randomUUID() })).body.id;
}

/** What there is before, and what then happens to cause each event. */
const CAUSES: Record<Exclude<DurableType, "admin:user_banned">, () => Promise<() => Promise<unknown>>> = {
  "message:new": async () => () => write(peer, me),
  "message:sent": async () => () => write(me, peer),
  "message:seen": async () => {
    await write(me, peer);
    return () => peer.put(`/messages/${me.id}/read`);
  },
  "message:read": async () => {
    await write(peer, me);
    return () => me.put(`/messages/${peer.id}/read`);
  },
  "message:deleted": async () => {
    const ids = [await write(me, peer), await write(peer, me)];
    return async () => [await me.delete(`/messages/${ids[0]}`), await peer.delete(`/messages/${ids[1]}`)];
  },
  "notification:new": async () => async () => {
    await peer.post(`/videos/${videoId}/like`);
    await peer.post(`/users/${me.id}/follow`);
    await peer.post("/comments/", { videoId, content: "wow" });
  },
  "notification:seen": async () => {
    await peer.post(`/videos/${videoId}/like`);
    await peer.post(`/users/${me.id}/follow`);
    return () => me.post("/notifications/mark-all-seen");
  },
  "notification:revoked": async () => {
    await peer.post(`/videos/${videoId}/like`);
    await peer.post(`/users/${me.id}/follow`);
    const { body: comment } = await peer.post("/comments/", { videoId, content: "wow" });
    return async () => {
      await peer.delete(`/videos/${videoId}/like`);
      await peer.delete(`/comments/${comment.id}`);
      const { body } = await me.get("/notifications");
      await me.delete(`/notifications/${body[0].id}`);
    };
  },
  "admin:video_deleted": async () => {
    const spamId = await addVideo(server, me);
    return () => admin.delete(`/admin/videos/${spamId}`, { reason: "spam" });
  },
  "admin:report_resolved": async () => {
    const { body } = await me.post("/reports/", { targetType: "user", targetId: peer.id, reason: "rude" });
    return () => admin.post(`/admin/reports/${body.id}/resolve`, { result: "warned" });
  },
  "sync:stale": async () => {
    await peer.post(`/videos/${videoId}/like`);
    await peer.delete(`/videos/${videoId}/like`);
    return () => peer.post(`/videos/${videoId}/like`);
  },
};

test("every durable event is among them", () => {
  const durable = Object.entries(EVENTS).flatMap(([type, { class: kind }]) => (kind === "durable" ? [type] : []));
  expect(Object.keys(CAUSES).concat("admin:user_banned").sort()).toEqual(durable.sort());
});

for (const [type, prepare] of Object.entries(CAUSES)) {
  test(`${type}: a screen that is kept up to date by events is the screen that would be fetched`, async () => {
    const happen = await prepare();
    const { screen, cursor } = await fetchScreen();
    const before = structuredClone(screen);
    await happen();
    const socket = await me.resume(cursor);
    await socket.settled();
    expect(socket.of(type).length).toBeGreaterThan(0);
    await applyAll(screen, socket);
    const { screen: after } = await fetchScreen();
    expect(screen).toEqual(after);
    expect(after).not.toEqual(before);
  });
}

test("all of them in one stream, live, with a list that was loaded in the middle of it", async () => {
  const socketed = await me.resume();
  const happenings = [];
  for (const prepare of Object.values(CAUSES)) happenings.push(await prepare());
  const storm = Promise.all(happenings.map((happen) => happen()));
  const { screen, cursor } = await fetchScreen();
  await storm;
  await socketed.settled();
  const types = new Set(socketed.frames.map(({ type }) => type));
  expect(Object.keys(CAUSES).filter((type) => !types.has(type))).toEqual([]);
  const socket = await me.resume(cursor);
  await socket.settled();
  await applyAll(screen, socket);
  expect(screen).toEqual((await fetchScreen()).screen);
});

test("admin:user_banned: whoever is told of it can do nothing any more", async () => {
  const socket = await me.resume();
  await admin.post(`/admin/users/${me.id}/ban`, { reason: "spam" });
  expect((await socket.next("admin:user_banned")).data).toMatchObject({ userId: me.id, reason: "spam" });
  expect((await socket.closed).code).toBe(4003);
  expect((await me.get("/users/me")).status).toBe(403);
});
