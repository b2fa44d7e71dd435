import type { App } from "../../context.ts";
import type { Actor } from "../../http/auth.ts";
import { MAX_PICTURE_BYTES } from "../../http/body-limit.ts";
import { fail } from "../../http/errors.ts";
import type { FormPart } from "../../http/multipart.ts";
import type { Queryable } from "../../platform/postgres.ts";
import type { Incoming } from "../../platform/storage.ts";

/** Below it stand the files of users, by their keys. */
export const MEDIA_URL = "/api/v1/media/";
/** Enough to tell the kinds apart. */
const HEAD_BYTES = 12;

type Picture = { file: Incoming; kind: "png" | "jpg" | "webp" };

/**
 * Replaces the actor's picture by the file of a form, and answers its URL. The file goes to the disk as it arrives; of one
 * that is refused nothing stays there.
 * @throws ApiError VALIDATION_ERROR, PAYLOAD_TOO_LARGE, UNSUPPORTED_FILE, and those of the parts
 */
export async function replaceAvatar(app: App, actor: Actor, parts: AsyncIterable<FormPart>): Promise<string> {
  const { file, kind } = await receivePicture(app, parts);
  const key = `avatars/${actor.userId}-${crypto.randomUUID()}.${kind}`;
  try {
    await file.keep(key);
  } finally {
    await file.discard();
  }
  const url = MEDIA_URL + key;
  const before = await setAvatar(app.sql, actor.userId, url).catch(async (error) => {
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
export function pictureKindOf(head: Buffer): Picture["kind"] | undefined {
  const starts = head.toString("latin1");
  if (starts.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (starts.startsWith("\xff\xd8\xff")) return "jpg";
  if (starts.startsWith("RIFF") && starts.slice(8, 12) === "WEBP") return "webp";
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
  if (!picture) throw fail("VALIDATION_ERROR", { details: [{ path: "file", message: "is required, as a file" }] });
  return picture;
}

/** What it is, its first bytes tell: name and content type are the sender's word. */
async function receiveFile(app: App, { content, filename }: FormPart): Promise<Picture | null> {
  const file = await app.storage.begin();
  let head = Buffer.alloc(0);
  try {
    for await (const chunk of content) {
      if (file.size + chunk.length > MAX_PICTURE_BYTES) throw fail("PAYLOAD_TOO_LARGE");
      if (head.length < HEAD_BYTES) {
        head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES)]);
        if (head.length >= HEAD_BYTES) recognised(head);
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

function recognised(head: Buffer): Picture["kind"] {
  const kind = pictureKindOf(head);
  if (!kind) throw fail("UNSUPPORTED_FILE", { message: "A picture must be a PNG, JPEG or WebP file." });
  return kind;
}

/** Answers the URL that stood before; undefined when the account is not active any more. */
async function setAvatar(db: Queryable, userId: number, url: string): Promise<{ url: string | null } | undefined> {
  const [before] = await db`
    update accounts set avatar_url = ${url} where id = ${userId} and status = 'active'
    returning old.avatar_url as url`;
  return before;
}
