import { AckEvents, Changed, Events, EventsQuery } from "@reelay/contract";
import { actorOf } from "../../http/auth.ts";
import { answer, createRouter, json, query, route } from "../../http/router.ts";
import { ackEvents, readEvents } from "./events.ts";

const tags = ["Events"];

export const eventRoutes = createRouter();

eventRoutes.openapi(
  route({
    id: "listEvents",
    access: "user",
    method: "get",
    path: "/events",
    tags,
    description: "In order, each once. For clients that cannot hold a socket: a long poll with `wait`.",
    summary: "List the events after a cursor, as a resumable socket receives them, or wait for one",
    request: { query: query(EventsQuery) },
    responses: { 200: answer("In order, once; an empty cursor means from now", Events) },
  }),
  async (c) => {
    const { wait, ...wanted } = c.req.valid("query");
    const { signal } = c.req.raw;
    return c.json(await readEvents(c.env.app, actorOf(c), { ...wanted, waitMs: wait * 1000 }, signal), 200);
  },
);

eventRoutes.openapi(
  route({
    id: "ackEvents",
    access: "user",
    method: "post",
    path: "/events/ack",
    tags,
    description: "The same as an `ack` frame: what is confirmed is not sent again to this session.",
    summary: "Acknowledge the events up to a cursor",
    request: { body: json(AckEvents) },
    responses: { 200: answer("Noted; a cursor that is not of one's own log changes nothing", Changed) },
  }),
  async (c) => c.json(await ackEvents(c.env.app, actorOf(c), c.req.valid("json").cursor), 200),
);
