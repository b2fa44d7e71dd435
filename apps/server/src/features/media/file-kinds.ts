/** Enough of a file's beginning to distinguish the kinds of videos. */
export const VIDEO_HEAD_BYTES = 64;
/** The same of pictures. */
export const PICTURE_HEAD_BYTES = 12;

export type VideoKind = "mp4" | "webm" | "mov";
export type PictureKind = "png" | "jpg" | "webp";

/** Brands of the same container that are pictures or sound. */
const NOT_A_VIDEO = /^(hei|hev|mif|msf|avif|avis|crx|jp|M4A|M4B)/;
/** What QuickTime files from before the brands begin with. */
const OLD_QUICKTIME = /^(moov|mdat|wide|free|skip|pnot)$/;

/** What a file is by its first bytes: its name and content type are the sender's word. Undefined: no video we take. */
export function videoKindOf(head: Buffer): VideoKind | undefined {
  const starts = head.toString("latin1");
  const type = starts.slice(4, 8);
  const brand = starts.slice(8, 12);
  if (type === "ftyp" && brand.length === 4 && !NOT_A_VIDEO.test(brand)) return brand === "qt  " ? "mov" : "mp4";
  if (OLD_QUICKTIME.test(type) && head.readUInt32BE(0) < 2 ** 31) return "mov";
  // EBML, of which Matroska is another kind: the document type says which.
  if (starts.startsWith("\x1a\x45\xdf\xa3") && /\x42\x82[^w]{1,8}webm/.test(starts)) return "webm";
}

/** What a picture is by its first bytes; undefined: none we take. */
export function pictureKindOf(head: Buffer): PictureKind | undefined {
  const starts = head.toString("latin1");
  if (starts.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (starts.startsWith("\xff\xd8\xff")) return "jpg";
  if (starts.startsWith("RIFF") && starts.slice(8, 12) === "WEBP") return "webp";
}
