/** Below it stand the files of users, by their keys in the object store. */
export const MEDIA_URL = "/api/v1/media/";
export const AVATAR_URL = `${MEDIA_URL}avatars/`;
export const VIDEO_URL = `${MEDIA_URL}videos/`;
export const THUMB_URL = `${MEDIA_URL}thumbs/`;

/** The key in the object store of what an address below `MEDIA_URL` leads to. */
export function keyOf(url: string): string {
  return url.slice(MEDIA_URL.length);
}
