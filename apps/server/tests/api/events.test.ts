import { beforeAll, expect, test } from "bun:test";
import { EVENTS, type EventType, isForResumable, PlainFrame, ResumableFrame } from "@reelay/contract";
import { addVideo, type Person, promote, serverForFile } from "@reelay/testkit";

/*
 * One test for each event: what causes it, and its exact keys as a client without any knowledge of ours sees it live; as a
 * resumable one does, for those that only it gets.
 */

const { server, people } = serverForFile();
let admin: Person;

beforeAll(async () => {
  [admin] = await people("admin");
  await promote(server, admin, "admin");
});

/** Bob's socket is live, and his video stands. */
type Scene = { ann: Person; bob: Person; videoId: number };

/** The keys of the event's data, in the order of the contract, and what makes it reach Bob. */
type Case = { keys: string; cause: (scene: Scene) => Promise<unknown> };

const write = (from: Person, to: Person) => from.post("/messages/", { receiverId: to.id, content: "xin chào" });
const like = ({ ann, videoId }: Scene) => ann.post(`/videos/${videoId}/like`);
const unlike = ({ ann, videoId }: Scene) => ann.delete(`/videos/${videoId}/like`);

const CASES: Record<EventType, Case> = {
  "message:new": {
    keys: "id senderId receiverId content createdAt seen",
    cause: ({ ann, bob }) => write(ann, bob),
  },
  "message:seen": {
    keys: "messageIds seenBy seenAt",
    cause: async ({ ann, bob }) => {
      const { body } = await write(bob, ann);
      await ann.post("/messages/mark-seen", { messageIds: [body.id] });
    },
  },
  "message:deleted": {
    keys: "messageId deletedBy deletedAt",
    cause: async ({ ann, bob }) => ann.delete(`/messages/${(await write(ann, bob)).body.id}`),
  },
  "message:unread_count": { keys: "count", cause: ({ ann, bob }) => write(ann, bob) },
  "message:typing": {
    keys: "userId conversationWith isTyping",
    cause: async ({ ann, bob }) => {
      const socket = await ann.connect();
      socket.send({ type: "message:typing", data: { conversationWith: bob.id, isTyping: true } });
    },
  },
  "notification:new": {
    keys: "id userId type refId createdAt seen actor.id actor.username actor.avatarUrl target.type target.id target.title target.thumbUrl",
    cause: like,
  },
  "notification:seen": {
    keys: "notificationIds seenAt",
    cause: async (scene) => {
      await like(scene);
      await scene.bob.post("/notifications/mark-all-seen");
    },
  },
  "notification:unseen_count": { keys: "count", cause: like },
  "message:sent": {
    keys: "id senderId receiverId content createdAt seen clientId",
    cause: ({ ann, bob }) => bob.post("/messages/", { receiverId: ann.id, content: "xin chào", clientId: "mine" }),
  },
  "message:read": {
    keys: "conversationWith messageIds seenAt",
    cause: async ({ ann, bob }) => {
      await write(ann, bob);
      await bob.put(`/messages/${ann.id}/read`);
    },
  },
  "notification:revoked": {
    keys: "notificationIds",
    cause: async (scene) => {
      await like(scene);
      await unlike(scene);
    },
  },
  "sync:stale": {
    keys: "refetch",
    cause: async (scene) => {
      await like(scene);
      await unlike(scene);
      await like(scene);
    },
  },
  "admin:user_banned": {
    keys: "userId reason bannedAt",
    cause: ({ bob }) => admin.post(`/admin/users/${bob.id}/ban`, { reason: "spam" }),
  },
  "admin:video_deleted": {
    keys: "videoId reason deletedAt",
    cause: ({ videoId }) => admin.delete(`/admin/videos/${videoId}`, { reason: "spam" }),
  },
  "admin:report_resolved": {
    keys: "reportId status result resolvedAt",
    cause: async ({ ann, bob }) => {
      const { body } = await bob.post("/reports/", { targetType: "user", targetId: ann.id, reason: "spam" });
      await admin.post(`/admin/reports/${body.id}/resolve`, { status: "rejected", result: "We know her." });
    },
  },
};

test("every event of the contract has a case here", () => {
  expect(Object.keys(CASES).sort()).toEqual(Object.keys(EVENTS).sort());
});

for (const [type, { keys, cause }] of Object.entries(CASES)) {
  test(`${type} carries ${keys}`, async () => {
    const [ann, bob] = await people("ann", "bob");
    const videoId = await addVideo(server, bob);
    const [plain, resumable] = [await bob.connect(), await bob.resume()];
    await Promise.all([plain.settled(), resumable.settled()]);
    expect(plain.of(type)).toEqual([]);
    await cause({ ann, bob, videoId });
    const frame = await (isForResumable(type as EventType) ? resumable : plain).next(type);
    const place = isForResumable(type as EventType) ? ["seq", "cursor"] : [];
    expect(pathsOf(frame)).toEqual(["type", ...place, ...keys.split(" ").map((key) => `data.${key}`)].sort());
    for (const each of plain.frames) expect(PlainFrame.safeParse(each).error).toBeUndefined();
    for (const each of resumable.frames) expect(ResumableFrame.safeParse(each).error).toBeUndefined();
    await Promise.all([ann.leave(), bob.leave()]);
  });
}

/** Who is banned does not come back to be told from the log. */
const REPLAYED = Object.keys(CASES).filter(
  (type) => EVENTS[type as EventType].class === "durable" && type !== "admin:user_banned",
);

for (const type of REPLAYED) {
  test(`${type} is the same when it happened while the client was away`, async () => {
    const [ann, bob] = await people("ann", "bob");
    const videoId = await addVideo(server, bob);
    const [plain, resumable] = [await bob.connect(), await bob.resume()];
    const { cursor } = resumable.of("sync:synced")[0]!.data;
    await Promise.all([plain.close(), resumable.close()]);
    await CASES[type as EventType].cause({ ann, bob, videoId });
    const again = { plain: await bob.connect(), resumable: await bob.resume(cursor) };
    const [frame] = await again.resumable.all(type, 1);
    expect(dataPaths(frame!)).toEqual(CASES[type as EventType].keys.split(" ").sort());
    if (!isForResumable(type as EventType)) expect((await again.plain.all(type, 1))[0]!.data).toEqual(frame!.data);
    await Promise.all([ann.leave(), bob.leave()]);
  });
}

const dataPaths = ({ data }: { data?: object }) => pathsOf(data ?? {});

/** The keys of an object and, with dots, of the objects in it. */
function pathsOf(value: object): string[] {
  const paths = Object.entries(value).flatMap(([key, inner]) => {
    const isObject = typeof inner === "object" && inner !== null && !Array.isArray(inner);
    return isObject ? pathsOf(inner).map((path) => `${key}.${path}`) : [key];
  });
  return paths.sort();
}
