import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import { MAX_PICTURE_BYTES } from "../../http/body-limit.ts";
import type { FormPart } from "../../http/multipart.ts";
import { fail, invalidFields } from "../../platform/api-error.ts";
import type { Incoming } from "../../platform/object-store.ts";
import type { Queryable } from "../../platform/postgres.ts";
import { PICTURE_HEAD_BYTES, type PictureKind, pictureKindOf } from "../media/file-kinds.ts";
import { AVATAR_URL, keyOf, MEDIA_URL } from "../media/media.ts";
import { requireQuota } from "./quota.ts";

const PURGE_BATCH = 100;

type Picture = { file: Incoming; kind: PictureKind };

/**
 * Replaces the actor's picture by the file of a form, and returns its URL. The file goes to the disk as it arrives; of one
 * that is refused nothing stays there.
 * @throws ApiError VALIDATION_ERROR, PAYLOAD_TOO_LARGE, UNSUPPORTED_FILE, QUOTA_EXCEEDED, DISK_FULL, and those of the parts
 */
export async function replaceAvatar(app: App, actor: Actor, parts: AsyncIterable<FormPart>): Promise<string> {
  await app.disk.requireRoom();
  const { file, kind } = await receivePicture(app, parts);
  const key = `avatars/${actor.userId}-${crypto.randomUUID()}.${kind}`;
  try {
    await requireQuota(app.sql, app, actor.userId, file.size);
    await file.keep(key);
  } finally {
    await file.discard();
  }
  const url = MEDIA_URL + key;
  const before = await setAvatar(app.sql, actor.userId, url, file.size).catch(async (error) => {
    await app.storage.remove(key);
    throw error;
  });
  await removeAvatar(app, before ? before.url : url);
  if (!before) throw fail("UNAUTHORIZED");
  return url;
}

/** Removes the file behind a URL that no account names any more; while a pending report shows it, it is kept for staff. */
export async function removeAvatar({ sql, storage }: App, url: string | null): Promise<void> {
  if (!url?.startsWith(AVATAR_URL) || (await keepForReports(sql, url))) return;
  await storage.remove(keyOf(url));
}

/** Removes the pictures that were kept for reports which are decided. */
export async function purgeKeptAvatars({ sql, storage, log }: App): Promise<void> {
  for (let after = ""; ; ) {
    const urls = await listUnneeded(sql, after);
    for (const url of urls) {
      if (await storage.remove(keyOf(url))) await sql`delete from kept_avatars where url = ${url}`;
      else log.warn({ url }, "a picture that no report needs any more could not be removed");
    }
    if (urls.length < PURGE_BATCH) return;
    after = urls.at(-1)!;
  }
}

/** Whether anybody may see the picture: while it is the one of an active account. */
export async function isAvatarOpen({ sql }: App, url: string): Promise<boolean> {
  const rows = await sql`
    select id from accounts where id = ${ownerOfAvatar(url)} and avatar_url = ${url} and status = 'active'`;
  return rows.length > 0;
}

/** Whose picture an address of ours leads to; null when its name is none that we give. */
export function ownerOfAvatar(url: string): number | null {
  const [, id] = url.slice(AVATAR_URL.length).match(/^(\d{1,15})-/) ?? [];
  return id === undefined ? null : Number(id);
}

/** The first part called `file`. The form is read to its end, so that one that is cut off counts as that. */
async function receivePicture(app: App, parts: AsyncIterable<FormPart>): Promise<Picture> {
  let picture: Picture | null = null;
  try {
    for await (const part of parts) {
      if (part.name === "file" && part.filename !== null && !picture) picture = await receiveFile(app, part);
    }
  } catch (error) {
    await picture?.file.discard();
    throw error;
  }
  if (!picture) throw invalidFields([{ path: "file", message: "is required, as a file" }]);
  return picture;
}

/** Its first bytes decide what it is: name and content type are the sender's word. */
async function receiveFile(app: App, { content, filename }: FormPart): Promise<Picture | null> {
  const file = await app.storage.begin();
  let head = Buffer.alloc(0);
  try {
    for await (const chunk of content) {
      if (file.size + chunk.length > MAX_PICTURE_BYTES) throw fail("PAYLOAD_TOO_LARGE");
      if (head.length < PICTURE_HEAD_BYTES) {
        head = Buffer.concat([head, chunk.subarray(0, PICTURE_HEAD_BYTES)]);
        if (head.length >= PICTURE_HEAD_BYTES) recognised(head);
      }
      await file.append(chunk);
    }
    if (file.size > 0 || filename !== "") return { file, kind: recognised(head) };
    // What a browser sends for a field in which no file was chosen.
    await file.discard();
    return null;
  } catch (error) {
    await file.discard();
    throw error;
  }
}

function recognised(head: Buffer): PictureKind {
  const kind = pictureKindOf(head);
  if (!kind) throw fail("UNSUPPORTED_FILE", { message: "A picture must be a PNG, JPEG or WebP file." });
  return kind;
}

/** Returns the URL that stood before; undefined when the account is not active any more. */
async function setAvatar(
  db: Queryable,
  userId: number,
  url: string,
  bytes: number,
): Promise<{ url: string | null } | undefined> {
  const [before] = await db`
    update accounts set avatar_url = ${url}, avatar_bytes = ${bytes} where id = ${userId} and status = 'active'
    returning old.avatar_url as url`;
  return before;
}

async function keepForReports(db: Queryable, url: string): Promise<boolean> {
  const rows = await db`
    insert into kept_avatars (url, user_id)
    select ${url}, r.target_id from reports r
    where r.target_type = 'user' and r.target_id = ${ownerOfAvatar(url)} and r.status = 'pending'
      and r.snapshot->>'avatarUrl' = ${url}
    limit 1 on conflict (url) do update set url = excluded.url returning url`;
  return rows.length > 0;
}

async function listUnneeded(db: Queryable, after: string): Promise<string[]> {
  const rows: { url: string }[] = await db`
    select k.url from kept_avatars k
    where k.url > ${after} and not exists (
      select from reports r where r.target_type = 'user' and r.target_id = k.user_id and r.status = 'pending'
        and r.snapshot->>'avatarUrl' = k.url)
    order by k.url limit ${PURGE_BATCH}`;
  return rows.map(({ url }) => url);
}
