import { describe, expect, test } from "bun:test";
import { promote, serverForFile, TestSocket } from "@reelay/testkit";

/*
 * Tests for lines of the guide's checklist, under the guide's words, as a client without any knowledge of ours sees it.
 * Every frame is held to its exact keys. Those of notifications, reports and statistics stand in their own files.
 */

const { server, people } = serverForFile();

const MESSAGE_KEYS = ["content", "createdAt", "id", "receiverId", "seen", "senderId"];

function keys(value: object): string[] {
  return Object.keys(value).sort();
}

describe("Basic Connection", () => {
  test("User connect với valid token", async () => {
    const [ann] = await people("ann");
    const socket = await ann.connect();
    await socket.settled();
    expect(socket.frames[0]).toEqual({ type: "connected", userId: ann.id });
    expect(socket.frames.filter((frame) => frame.type !== "error")).toHaveLength(1);
  });

  test("User bị reject với invalid token", async () => {
    for (const token of ["", "garbage", "a.b.c"]) {
      const socket = TestSocket.open(server.url, token);
      expect(await socket.closed).toEqual({ code: 4001, reason: "Unauthorized" });
      expect(socket.frames).toEqual([]);
    }
  });

  test("Multiple devices cùng user nhận events", async () => {
    const [ann, bob] = await people("ann", "bob");
    const devices = [await bob.connect(), await bob.connect(), await bob.connect()];
    await ann.post("/messages/", { receiverId: bob.id, content: "to all of you" });
    for (const device of devices) expect((await device.next("message:new")).data.content).toBe("to all of you");
  });

  test("User offline không crash server", async () => {
    const [ann, bob] = await people("ann", "bob");
    const { status } = await ann.post("/messages/", { receiverId: bob.id, content: "are you there?" });
    expect(status).toBe(201);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect((await bob.get("/messages/unread/count")).body).toBe(1);
  });

  test("Reconnection hoạt động", async () => {
    const [ann, bob] = await people("ann", "bob");
    const first = await bob.connect();
    await first.close();
    const second = await bob.connect();
    await ann.post("/messages/", { receiverId: bob.id, content: "welcome back" });
    expect((await second.next("message:new")).data.content).toBe("welcome back");
  });
});

describe("Messages", () => {
  test("Send message qua API → receiver nhận WebSocket event", async () => {
    const [ann, bob] = await people("ann", "bob");
    const socket = await bob.connect();
    const { status, body } = await ann.post("/messages/", { receiverId: bob.id, content: "xin chào 👋" });
    expect(status).toBe(201);
    const frame = await socket.next("message:new");
    expect(keys(frame)).toEqual(["data", "type"]);
    expect(keys(frame.data)).toEqual(MESSAGE_KEYS);
    expect(frame.data).toEqual(body);
    expect(frame.data).toMatchObject({ senderId: ann.id, receiverId: bob.id, content: "xin chào 👋", seen: false });
    expect(frame.data.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(await socket.next()).toEqual({ type: "message:unread_count", data: { count: 1 } });
  });

  test("Mark as seen → sender nhận update", async () => {
    const [ann, bob] = await people("ann", "bob");
    const [annsSocket, bobsSocket] = [await ann.connect(), await bob.connect()];
    const { body: message } = await ann.post("/messages/", { receiverId: bob.id, content: "read me" });
    await bobsSocket.next("message:unread_count");
    bobsSocket.send({ type: "message:mark_seen", data: { conversationWith: ann.id, messageIds: [message.id] } });
    const frame = await annsSocket.next("message:seen");
    expect(keys(frame)).toEqual(["data", "type"]);
    expect(keys(frame.data)).toEqual(["messageIds", "seenAt", "seenBy"]);
    expect(frame.data).toMatchObject({ messageIds: [message.id], seenBy: bob.id });
    expect((await bobsSocket.next("message:unread_count")).data).toEqual({ count: 0 });
  });

  test("User offline → message được queue và gửi khi online", async () => {
    const [ann, bob] = await people("ann", "bob");
    const before = await bob.connect();
    await before.close();
    for (const content of ["one", "two", "three"]) await ann.post("/messages/", { receiverId: bob.id, content });
    const socket = await bob.connect();
    await socket.settled();
    const sent = socket.frames.filter((frame) => frame.type !== "error");
    expect(sent.map((frame) => frame.data?.content ?? frame.type)).toEqual([
      "connected",
      "one",
      "two",
      "three",
      "message:unread_count",
      "notification:unseen_count",
    ]);
    expect(socket.of("message:unread_count")).toEqual([{ type: "message:unread_count", data: { count: 3 } }]);
  });
});

describe("Admin Functions", () => {
  test("Ban user → user nhận event và bị disconnect", async () => {
    const [admin, bob] = await people("admin", "bob");
    await promote(server, admin, "admin");
    const devices = [await bob.connect(), await bob.connect()];
    const { body } = await admin.post(`/admin/users/${bob.id}/ban`, { reason: "spam" });
    expect(body).toMatchObject({ success: true, changed: true });
    for (const device of devices) {
      const frame = await device.next("admin:user_banned");
      expect(keys(frame)).toEqual(["data", "type"]);
      expect(keys(frame.data)).toEqual(["bannedAt", "reason", "userId"]);
      expect(frame.data).toMatchObject({ userId: bob.id, reason: "spam" });
      expect(await device.closed).toEqual({ code: 4003, reason: "Account banned" });
      expect(device.frames.at(-1)).toEqual(frame);
    }
  });
});
