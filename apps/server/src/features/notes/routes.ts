import { Changed, IdPath, Note, NotesQuery, WriteNote } from "@reelay/contract";
import { z } from "zod";
import { actorOf } from "../../http/auth.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { answer, createRouter, failures, json, query, route } from "../../http/router.ts";
import { deleteNote, listNotes, writeNote } from "./notes.ts";

const tags = ["Moderation"];

export const noteRoutes = createRouter();

noteRoutes.openapi(
  route({
    id: "writeNote",
    access: "moderator",
    method: "post",
    path: "/admin/notes",
    tags,
    description: "On a person, a video or a report. No user ever sees it.",
    summary: "Write a note for other staff",
    request: { body: json(WriteNote) },
    responses: { 201: answer("Written", Note), ...failures("NOT_FOUND", "OWN_CASE") },
  }),
  async (c) => c.json(await writeNote(c.env.app, actorOf(c), c.req.valid("json")), 201),
);

noteRoutes.openapi(
  route({
    id: "listNotes",
    access: "moderator",
    method: "get",
    path: "/admin/notes",
    tags,
    description:
      "Of a person, also those on their videos and on reports about them. Notes about the caller are hidden.",
    summary: "List the notes on something, newest first",
    middleware: [eventCursor],
    request: { query: query(NotesQuery) },
    responses: { 200: answer("The newest hundred", z.array(Note)), ...failures("NOT_FOUND", "OWN_CASE") },
  }),
  async (c) => c.json(await listNotes(c.env.app, actorOf(c), c.req.valid("query")), 200),
);

noteRoutes.openapi(
  route({
    id: "deleteNote",
    access: "moderator",
    method: "delete",
    path: "/admin/notes/{id}",
    tags,
    description: "Admins may delete any.",
    summary: "Delete a note of your own",
    request: { params: IdPath },
    responses: { 200: answer("Gone", Changed), ...failures("NOTE_NOT_FOUND") },
  }),
  async (c) => {
    await deleteNote(c.env.app, actorOf(c), c.req.valid("param").id);
    return c.json({ success: true as const, changed: true }, 200);
  },
);
