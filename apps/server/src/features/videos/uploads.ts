import { type CreateVideo, camelKeys, UploadVideo, type Video } from "@reelay/contract";
import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import { type FormPart, readBytes, readText } from "../../http/multipart.ts";
import { fail, invalid, invalidFields } from "../../platform/api-error.ts";
import type { Incoming } from "../../platform/object-store.ts";
import { remainingBytes } from "../accounts/quota.ts";
import {
  PICTURE_HEAD_BYTES,
  pictureKindOf,
  VIDEO_HEAD_BYTES,
  type VideoKind,
  videoKindOf,
} from "../media/file-kinds.ts";
import { durationOf } from "./mp4-duration.ts";
import { createVideo } from "./videos.ts";
import { refusePrivate } from "./web-addresses.ts";

const MAX_FIELD_BYTES = 64 * 1024;
const MAX_THUMB_BYTES = 2 * 1024 * 1024;
/** Every so many bytes of a file it is looked whether the disk still has room. */
const LOOK_AT_DISK_BYTES = 16 * 1024 * 1024;
const FIELDS: ReadonlySet<string> = new Set(Object.keys(UploadVideo.in.shape));

type Picture = { bytes: Buffer; kind: "png" | "jpg" | "webp" };
type Form = {
  fields: Record<string, string>;
  file: Incoming | null;
  kind: VideoKind | null;
  thumb: Picture | null;
  /** What the actor may still store. */
  roomBytes: number;
};

/** Creates a video whose bytes stand somewhere else. */
export async function publishLink(app: App, actor: Actor, draft: CreateVideo): Promise<Video> {
  const { title, description, visibility, url, thumbUrl = null, duration = null } = draft;
  const described = { title, description: description || null, visibility, duration };
  return await createVideo(app, actor, { ...described, url, thumbUrl, fileKey: null, thumbKey: null, storedBytes: 0 });
}

/**
 * Creates a video from the parts of a form, in whatever order they come. The file goes to the disk as it arrives; when
 * anything is wrong with it or with the rest, nothing of it stays there.
 * @throws ApiError VALIDATION_ERROR, UNSUPPORTED_FILE, PAYLOAD_TOO_LARGE, QUOTA_EXCEEDED, DISK_FULL, and those of the parts
 */
export async function publishForm(app: App, actor: Actor, parts: AsyncIterable<FormPart>): Promise<Video> {
  await app.disk.requireRoom();
  const roomBytes = await remainingBytes(app.sql, app, actor.userId);
  const form: Form = { fields: {}, file: null, kind: null, thumb: null, roomBytes };
  try {
    for await (const part of parts) await receive(app, form, part);
    return await publish(app, actor, form);
  } finally {
    await form.file?.discard();
  }
}

async function receive(app: App, form: Form, part: FormPart): Promise<void> {
  const [name] = Object.keys(camelKeys({ [part.name]: null }) as object);
  if (part.name === "file") await receiveFile(app, form, part);
  else if (part.name === "thumb") form.thumb = await readThumb(part);
  // A form ends every line of a text with two characters, whatever ended it where it was typed.
  else if (name && FIELDS.has(name))
    form.fields[name] = (await readText(part, MAX_FIELD_BYTES)).replaceAll("\r\n", "\n");
}

async function receiveFile(app: App, form: Form, { content, filename }: FormPart): Promise<void> {
  if (form.file) throw refused("file", "must be sent once");
  const { maxUploadBytes } = app.config;
  const file = await app.storage.begin();
  form.file = file;
  let head = Buffer.alloc(0);
  for await (const chunk of content) {
    if (file.size + chunk.length > maxUploadBytes) {
      throw fail("PAYLOAD_TOO_LARGE", { message: `A video has at most ${maxUploadBytes / 1024 / 1024} MB.` });
    }
    if (file.size + chunk.length > form.roomBytes) throw fail("QUOTA_EXCEEDED");
    if (Math.floor((file.size + chunk.length) / LOOK_AT_DISK_BYTES) > Math.floor(file.size / LOOK_AT_DISK_BYTES)) {
      await app.disk.requireRoom();
    }
    await file.append(chunk);
    if (head.length >= VIDEO_HEAD_BYTES) continue;
    head = Buffer.concat([head, chunk.subarray(0, VIDEO_HEAD_BYTES)]);
    if (head.length >= VIDEO_HEAD_BYTES) form.kind = recognised(head);
  }
  if (file.size > 0) form.kind ??= recognised(head);
  // What a browser sends for a field in which no file was chosen.
  else if (filename === "") form.file = await forget(file);
  else throw fail("UNSUPPORTED_FILE", { message: "The file is empty." });
}

async function forget(file: Incoming): Promise<null> {
  await file.discard();
  return null;
}

function recognised(head: Buffer): VideoKind {
  const kind = videoKindOf(head);
  if (!kind) throw fail("UNSUPPORTED_FILE", { message: "A video must be an MP4, WebM or QuickTime file." });
  return kind;
}

async function readThumb({ content, filename }: FormPart): Promise<Picture | null> {
  const bytes = await readBytes(content, MAX_THUMB_BYTES);
  if (bytes.length === 0 && filename === "") return null;
  const kind = pictureKindOf(bytes.subarray(0, PICTURE_HEAD_BYTES));
  if (!kind) throw fail("UNSUPPORTED_FILE", { message: "A thumbnail must be a PNG, JPEG or WebP file." });
  return { bytes, kind };
}

/** Gives the files their names and creates the video; without the video they are removed again. */
async function publish(app: App, actor: Actor, { fields, file, kind, thumb }: Form): Promise<Video> {
  const draft = parse(fields, file !== null);
  const { title, description, visibility, url = null, thumbUrl } = draft;
  const duration = draft.duration ?? (file && kind !== "webm" ? await durationOf(file.file) : null);
  const name = `${actor.userId}-${crypto.randomUUID()}`;
  const fileKey = file && `${name}.${kind}`;
  const thumbKey = thumb && `${name}.${thumb.kind}`;
  const storedBytes = (file?.size ?? 0) + (thumb?.bytes.length ?? 0);
  try {
    if (file) await file.keep(`videos/${fileKey}`);
    if (thumb) await app.storage.write(`thumbs/${thumbKey}`, thumb.bytes);
    const files = { fileKey, url, thumbKey, thumbUrl: thumb ? null : (thumbUrl ?? null), storedBytes };
    return await createVideo(app, actor, { title, description: description || null, visibility, duration, ...files });
  } catch (error) {
    await app.storage.remove(`videos/${fileKey}`);
    await app.storage.remove(`thumbs/${thumbKey}`);
    throw error;
  }
}

function parse(given: Record<string, string>, hasFile: boolean) {
  const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value.trim() !== ""));
  const parsed = UploadVideo.safeParse(fields);
  if (!parsed.success) throw invalid(parsed.error);
  refusePrivate(parsed.data);
  if (!hasFile && !parsed.data.url) throw refused("file", "is required, or url instead");
  if (hasFile && parsed.data.url) throw refused("url", "must not be given together with a file");
  return parsed.data;
}

function refused(path: string, message: string) {
  return invalidFields([{ path, message }]);
}
