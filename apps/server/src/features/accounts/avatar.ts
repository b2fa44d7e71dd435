import type { App } from "../../context.ts";
import type { Actor } from "../../http/auth.ts";
import { fail } from "../../http/errors.ts";
import type { Queryable } from "../../platform/postgres.ts";
import { requireQuota } from "./quota.ts";

/** Below it stand the files of users, by their keys. */
export const MEDIA_URL = "/api/v1/media/";
const MAX_BYTES = 2 * 1024 * 1024;
/** Enough to tell the kinds apart. */
const HEAD_BYTES = 12;

/**
 * Replaces the actor's picture and answers its URL. What it is, is told by its first bytes: name and content type are
 * the sender's word.
 * @throws ApiError PAYLOAD_TOO_LARGE, UNSUPPORTED_FILE, QUOTA_EXCEEDED, DISK_FULL
 */
export async function replaceAvatar(app: App, actor: Actor, file: Blob): Promise<string> {
  if (file.size > MAX_BYTES) throw fail("PAYLOAD_TOO_LARGE");
  const extension = pictureKindOf(Buffer.from(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  if (!extension) throw fail("UNSUPPORTED_FILE", { message: "A picture must be a PNG, JPEG or WebP file." });
  await app.disk.requireRoom();
  await requireQuota(app.sql, app, actor.userId, file.size);
  const key = `avatars/${actor.userId}-${crypto.randomUUID()}.${extension}`;
  await app.storage.write(key, file);
  const url = MEDIA_URL + key;
  const before = await setAvatar(app.sql, actor.userId, url, file.size).catch(async (error) => {
    await app.storage.remove(key);
    throw error;
  });
  await removeAvatar(app, before ? before.url : url);
  if (!before) throw fail("UNAUTHORIZED");
  return url;
}

/** Removes the file behind a URL that no account names any more. */
export async function removeAvatar(app: App, url: string | null): Promise<void> {
  if (url?.startsWith(MEDIA_URL)) await app.storage.remove(url.slice(MEDIA_URL.length));
}

/** What a picture is by its first bytes; undefined: none we take. */
export function pictureKindOf(head: Buffer): "png" | "jpg" | "webp" | undefined {
  const starts = head.toString("latin1");
  if (starts.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (starts.startsWith("\xff\xd8\xff")) return "jpg";
  if (starts.startsWith("RIFF") && starts.slice(8, 12) === "WEBP") return "webp";
}

/** Answers the URL that stood before; undefined when the account is not active any more. */
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
