import type { Note, NotesQuery, NoteTarget, WriteNote } from "@reelay/contract";
import type { App } from "../../app.ts";
import { fail } from "../../platform/api-error.ts";
import type { Queryable } from "../../platform/postgres.ts";

type Staff = { userId: number; role: string };

const MAX_NOTES = 100;

/** @throws ApiError NOT_FOUND, OWN_CASE: nobody writes about themselves */
export async function writeNote({ sql }: App, by: Staff, { targetType, targetId, text }: WriteNote): Promise<Note> {
  const userId = await requireOthers(sql, by, targetType, targetId);
  const [note]: Note[] = await sql`
    with n as (
      insert into notes (target_type, target_id, user_id, author_id, content)
      values (${targetType}, ${targetId}, ${userId}, ${by.userId}, ${text})
      returning id, target_type, target_id, author_id, content, created_at
    )
    select ${noteColumns(sql)} from n join accounts a on a.id = n.author_id`;
  return note!;
}

/**
 * The newest first; of a person, also those on their videos and on reports about them or theirs.
 * @throws ApiError NOT_FOUND, OWN_CASE
 */
export async function listNotes({ sql }: App, by: Staff, { targetType, targetId }: NotesQuery): Promise<Note[]> {
  await requireOthers(sql, by, targetType, targetId);
  const isMeant =
    targetType === "user"
      ? sql`n.user_id = ${targetId}`
      : sql`n.target_type = ${targetType} and n.target_id = ${targetId}`;
  return await sql`
    select ${noteColumns(sql)} from notes n join accounts a on a.id = n.author_id
    where ${isMeant} order by n.id desc limit ${MAX_NOTES}`;
}

/** @throws ApiError NOTE_NOT_FOUND unless it is the caller's own, or the caller is an admin */
export async function deleteNote({ sql }: App, by: Staff, noteId: number): Promise<void> {
  const rows = await sql`
    delete from notes where id = ${noteId} and user_id is distinct from ${by.userId}
      and (author_id = ${by.userId} or ${by.role === "admin"}) returning id`;
  if (rows.length === 0) throw fail("NOTE_NOT_FOUND");
}

/** Whom it is about, who must be somebody else. */
async function requireOthers(db: Queryable, by: Staff, type: NoteTarget, id: number): Promise<number | null> {
  const found = {
    user: db`select a.id::float8 as "userId" from accounts a where a.id = ${id} and a.status <> 'deleted'`,
    video: db`select v.owner_id::float8 as "userId" from videos v where v.id = ${id}`,
    report: db`select r.author_id::float8 as "userId" from reports r where r.id = ${id}`,
  }[type];
  const [row]: { userId: number | null }[] = await found;
  if (!row) throw fail("NOT_FOUND");
  if (row.userId === by.userId) throw fail("OWN_CASE");
  return row.userId;
}

/** The select list of a note `n` by the author `a`. */
function noteColumns(db: Queryable) {
  return db`
    n.id::float8 as id, n.target_type as "targetType", n.target_id::float8 as "targetId", n.content as text,
    json_build_object('id', a.id, 'username', a.username) as author, wire_time(n.created_at) as "createdAt"`;
}
