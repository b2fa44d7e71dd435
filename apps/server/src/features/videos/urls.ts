import type { Video } from "@reelay/contract";
import type { Signature } from "../../access/signed-urls.ts";
import type { App } from "../../app.ts";
import type { Queryable } from "../../platform/postgres.ts";
import type { Viewer } from "../accounts/accounts.ts";
import { MEDIA_URL, VIDEO_URL } from "../media/media.ts";

/** A video as `videoColumns` reads it. */
export type StoredVideo<T extends Video = Video> = Omit<T, "isHidden"> & { isHidden: boolean };

/**
 * The videos as their viewer gets them: with addresses that they can open, those of files of ours that are closed to others
 * signed for them, and marked only where they are hidden. For every video that goes to a client.
 */
export function forViewer<T extends Video>(
  { signedUrls }: App,
  viewer: Viewer,
  videos: readonly StoredVideo<T>[],
): T[] {
  const open = (url: string) => (viewer && url.startsWith(MEDIA_URL) ? signedUrls.sign(url, viewer.userId) : url);
  return videos.map(({ isHidden, ...video }) => {
    if (video.visibility === "public" && !isHidden) return video;
    const opened = { ...video, url: open(video.url), thumbUrl: video.thumbUrl && open(video.thumbUrl) };
    return isHidden ? { ...opened, isHidden } : opened;
  }) as unknown as T[];
}

/**
 * Whether the file of a video may be sent now: as long as the video and its owner are there, if others see it to anybody,
 * else to its owner by an address signed for them.
 */
export async function isFileOpen(app: App, url: string, signature: Signature): Promise<boolean> {
  const file = await findFile(app.sql, url);
  if (!file) return false;
  return file.isShown || app.signedUrls.signedFor(url, signature) === file.ownerId;
}

async function findFile(db: Queryable, url: string): Promise<{ ownerId: number; isShown: boolean } | undefined> {
  const name = url.slice(url.lastIndexOf("/") + 1);
  const key = url.startsWith(VIDEO_URL) ? db`v.file_key = ${name}` : db`v.thumb_key = ${name}`;
  const [row] = await db`
    select v.owner_id::float8 as "ownerId", is_shown(v) as "isShown" from videos v join accounts a on a.id = v.owner_id
    where ${key} and v.deleted_at is null and a.status = 'active'`;
  return row;
}
