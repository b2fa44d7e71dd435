import { beforeEach, expect, test } from "bun:test";
import { serverForFile } from "@reelay/testkit";
import { FrontEnd } from "./front-end.ts";
import { expectShape } from "./shapes.ts";

const { server } = serverForFile();
let ann: FrontEnd;
let bob: FrontEnd;

let pairs = 0;
beforeEach(async () => {
  pairs++;
  [ann, bob] = [await FrontEnd.join(server, `ann${pairs}`), await FrontEnd.join(server, `bob${pairs}`)];
});

const send = (from: FrontEnd, to: FrontEnd, content: string) =>
  from.post("/messages/", { receiver_id: to.user.id, content });

test("the list of talks, a talk, and a message that arrives in both at once", async () => {
  expect(await bob.get("/messages/inbox")).toEqual([]);
  await bob.connect();
  const [arrived, counted] = [bob.next("message:new"), bob.next("message:unread_count")];
  const message = await send(ann, bob, "Chào Bob!");
  expectShape(message, "message");
  expect(await arrived).toEqual(message);
  expect(await counted).toEqual({ count: 1 });

  const inbox = await bob.get("/messages/inbox/");
  expectShape(inbox, "conversation");
  expect(inbox).toEqual([
    {
      ...{ userId: ann.user.id, username: ann.user.username, fullName: ann.user.fullName, avatarUrl: null },
      ...message,
      lastMessage: message,
      unreadCount: 1,
    },
  ]);
  const reply = await send(bob, ann, "Chào Ann!");
  const talk = await bob.get(`/messages/conversation/${ann.user.id}/?limit=50`);
  expectShape(talk, "messageInList");
  expectShape(talk[0].sender, "person");
  expect(talk.map(({ id }: any) => id)).toEqual([message.id, reply.id]);
  const older = await bob.get(`/messages/conversation/${ann.user.id}?before_id=${reply.id}`);
  expect(older).toEqual([talk[0]]);
  expectShape(await bob.get("/messages/suggested-users?limit=5"), "person");
});

test("opening a talk marks it as seen, in every way the app does it; the sender sees the ticks", async () => {
  await ann.connect();
  await bob.connect();
  const ways: ((id: number) => unknown)[] = [
    // Its habit: the name of the event it answers.
    (id) => bob.send("message:new", { conversationWith: ann.user.id, messageIds: [id] }),
    (id) => bob.send("message:mark_seen", { conversationWith: ann.user.id, messageIds: [id] }),
    () => bob.send("message:mark_seen", { conversation_with: ann.user.id }),
    (id) => bob.post("/messages/mark-seen", { conversation_with: ann.user.id, message_ids: [id] }),
    () => bob.put(`/messages/${ann.user.id}/read/`),
  ];
  for (const mark of ways) {
    const { id } = await send(ann, bob, "seen?");
    const [seen, counted] = [ann.next("message:seen"), bob.until("message:unread_count", ({ count }) => count === 0)];
    mark(id);
    expect(await seen).toEqual({ messageIds: [id], seenBy: bob.user.id, seenAt: expect.any(String) });
    await counted;
  }
  expect(await bob.get("/messages/unread/count")).toBe(0);
  const nothing = await bob.post("/messages/mark-seen/", { conversation_with: ann.user.id });
  expectShape(nothing, "messagesSeen");
  expect(nothing).toEqual({ updated: [], updatedCount: 0, upToId: null, seenAt: null, unreadCount: 0 });
});

test("three dots while the other one types, and a message taken back", async () => {
  await bob.connect();
  await ann.connect();
  // The count comes when the socket is live; dots from before that are not kept.
  const counted = bob.next("message:unread_count");
  const { id } = await send(ann, bob, "oops");
  await counted;
  const typing = bob.next("message:typing");
  ann.send("message:typing", { conversationWith: bob.user.id, isTyping: true });
  expect(await typing).toEqual({ userId: ann.user.id, conversationWith: bob.user.id, isTyping: true });
  const [gone, uncounted] = [
    bob.next("message:deleted"),
    bob.until("message:unread_count", ({ count }) => count === 0),
  ];
  expect(await ann.delete(`/messages/${id}/`)).toBe("Message deleted");
  expect(await gone).toEqual({ messageId: id, deletedBy: ann.user.id, deletedAt: expect.any(String) });
  await uncounted;
  expect(await bob.get(`/messages/conversation/${ann.user.id}`)).toEqual([]);
});

test("without a socket it polls and shows the same; on its return the queue arrives, and the rest live", async () => {
  await bob.connect();
  await bob.goOffline();
  const missed = [await send(ann, bob, "one"), await send(ann, bob, "two")];
  const polled = await bob.poll();
  expect(polled).toMatchObject({ unread: 2, unseen: 0, notifications: [] });
  expect(polled.inbox).toMatchObject([{ unreadCount: 2, lastMessage: missed[1] }]);
  const received: any[] = [];
  bob.on("message:new", (message) => received.push(message));
  const counted = bob.next("message:unread_count");
  await bob.connect();
  expect(await counted).toEqual({ count: 2 });
  expect(received).toEqual(missed);
  const live = bob.next("message:new");
  const last = await send(ann, bob, "three");
  expect(await live).toEqual(last);
  expect(await bob.poll()).toMatchObject({ unread: 3, inbox: [{ unreadCount: 3, lastMessage: last }] });
});
