import {
  Conversation,
  Count,
  IdParam,
  IdPath,
  keyset,
  MarkMessagesSeen,
  Message,
  MessageInList,
  MessagesSeen,
  Person,
  page,
  SendMessage,
} from "@reelay/contract";
import { z } from "zod";
import { actorOf } from "../../http/auth.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { spendMessage } from "../../http/limits.ts";
import { answer, createRouter, failures, json, query, route } from "../../http/router.ts";
import { deleteMessage } from "./deletion.ts";
import { listConversations, listMessages, suggestUsers } from "./messages.ts";
import { countUnread, markSeen } from "./seen.ts";
import { sendMessage } from "./send.ts";

const tags = ["Messages"];
const PeerPath = z.object({ userId: IdParam.meta({ description: "The id of the other one." }) });

export const messageRoutes = createRouter();

messageRoutes.openapi(
  route({
    id: "sendMessage",
    access: "user",
    method: "post",
    path: "/messages",
    tags,
    description: "`message:new` goes to the receiver's sockets. With a `clientId` sending again is safe.",
    summary: "Send a message",
    middleware: [spendMessage],
    request: { body: json(SendMessage) },
    responses: {
      201: answer("Sent", Message),
      200: answer("The same clientId again: the message it made", Message),
      ...failures("CANNOT_MESSAGE", "USER_NOT_FOUND", "IDEMPOTENCY_MISMATCH", "MESSAGE_DELETED", "SELF_MESSAGE"),
    },
  }),
  async (c) => {
    const { message, isNew } = await sendMessage(c.env.app, { ...c.req.valid("json"), senderId: actorOf(c).userId });
    return c.json(message, isNew ? 201 : 200);
  },
);

messageRoutes.openapi(
  route({
    id: "markMessagesSeen",
    access: "user",
    method: "post",
    path: "/messages/mark-seen",
    tags,
    description: "`message:seen` goes to the sender's sockets. Ids that are not the caller's to mark are ignored.",
    summary: "Mark received messages as seen",
    middleware: [spendMessage],
    request: { body: json(MarkMessagesSeen) },
    responses: { 200: answer("What changed", MessagesSeen) },
  }),
  async (c) => c.json(await markSeen(c.env.app, actorOf(c).userId, c.req.valid("json")), 200),
);

messageRoutes.openapi(
  route({
    id: "markConversationSeen",
    access: "user",
    method: "put",
    path: "/messages/{userId}/read",
    tags,
    description: "The same as `POST /messages/mark-seen` with `conversationWith`.",
    summary: "Mark all messages from a user as seen",
    middleware: [spendMessage],
    request: { params: PeerPath },
    responses: { 200: answer("What changed", MessagesSeen) },
  }),
  async (c) => {
    const { userId } = c.req.valid("param");
    return c.json(await markSeen(c.env.app, actorOf(c).userId, { conversationWith: userId }), 200);
  },
);

messageRoutes.openapi(
  route({
    id: "listConversations",
    access: "user",
    method: "get",
    path: "/messages/inbox",
    tags,
    description:
      "One row for each person with whom messages were exchanged, with the last message and how many are unread.",
    summary: "List conversations, newest first",
    middleware: [eventCursor],
    request: { query: query(page()) },
    responses: { 200: answer("One row a peer", z.array(Conversation)) },
  }),
  async (c) => c.json(await listConversations(c.env.app, actorOf(c).userId, c.req.valid("query")), 200),
);

messageRoutes.openapi(
  route({
    id: "listMessages",
    access: "user",
    method: "get",
    path: "/messages/conversation/{userId}",
    tags,
    description: "To go back in time, give the lowest id of the page before as `before_id`.",
    summary: "List messages of a conversation, oldest first; the newest page unless before_id is given",
    middleware: [eventCursor],
    request: { params: PeerPath, query: query(keyset(100)) },
    responses: { 200: answer("A page", z.array(MessageInList)), ...failures("USER_NOT_FOUND") },
  }),
  async (c) => {
    const { userId } = c.req.valid("param");
    return c.json(await listMessages(c.env.app, actorOf(c).userId, userId, c.req.valid("query")), 200);
  },
);

messageRoutes.openapi(
  route({
    id: "countUnreadMessages",
    access: "user",
    method: "get",
    path: "/messages/unread/count",
    tags,
    description: "The same number as `message:unread_count` brings over the socket.",
    summary: "Count unread messages",
    responses: { 200: answer("A bare number", Count) },
  }),
  async (c) => c.json(await countUnread(c.env.app.sql, actorOf(c).userId), 200),
);

messageRoutes.openapi(
  route({
    id: "listSuggestedUsers",
    access: "user",
    method: "get",
    path: "/messages/suggested-users",
    tags,
    description: "Those one follows or has talked with, else the most followed.",
    summary: "List users to write to",
    middleware: [eventCursor],
    request: { query: query(page()) },
    responses: { 200: answer("Followed or talked with, else popular", z.array(Person)) },
  }),
  async (c) => c.json(await suggestUsers(c.env.app, actorOf(c).userId, c.req.valid("query").limit), 200),
);

messageRoutes.openapi(
  route({
    id: "deleteMessage",
    access: "user",
    method: "delete",
    path: "/messages/{id}",
    tags,
    description: "Only its sender may. `message:deleted` goes to the sockets of both.",
    summary: "Delete a message for both sides",
    middleware: [spendMessage],
    request: { params: IdPath },
    responses: { 200: answer("A sentence", z.string()), ...failures("MESSAGE_NOT_FOUND") },
  }),
  async (c) => {
    await deleteMessage(c.env.app, actorOf(c).userId, c.req.valid("param").id);
    return c.json("Message deleted", 200);
  },
);
