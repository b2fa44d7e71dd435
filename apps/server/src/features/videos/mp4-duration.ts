import { MAX_VIDEO_SECONDS } from "@reelay/contract";

/** A file of more boxes than this at one level is not read to its end. */
const MAX_BOXES = 256;

type Range = { start: number; end: number };

/**
 * The seconds that the header of an MP4 or QuickTime file names (ISO/IEC 14496-12, `moov/mvhd`), wherever in the file it
 * stands: boxes are passed over by their length, not read. Null when it does not say. A library reads the tables of
 * samples, which may be as large as the sender likes (docs/decisions/0011-libraries-tried.md).
 */
export async function durationOf(file: Blob): Promise<number | null> {
  const moov = await findBox(file, "moov", { start: 0, end: file.size });
  const mvhd = moov && (await findBox(file, "mvhd", moov));
  if (!mvhd) return null;
  const header = await read(file, mvhd.start, 32);
  const isLong = header[0] === 1;
  if (header.length < (isLong ? 32 : 20) || mvhd.end - mvhd.start < (isLong ? 32 : 20)) return null;
  const timescale = header.readUInt32BE(isLong ? 20 : 12);
  const length = isLong ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
  const isKnown = length > 0 && (isLong || length !== 0xffffffff);
  const seconds = Math.round((length / timescale) * 1000) / 1000;
  return isKnown && seconds > 0 && seconds <= MAX_VIDEO_SECONDS ? seconds : null;
}

/** Where the content of the first box of that type lies, among those that follow each other in a range. */
async function findBox(file: Blob, type: string, { start, end }: Range): Promise<Range | null> {
  let at = start;
  for (let count = 0; count < MAX_BOXES && at + 8 <= end; count++) {
    const header = await read(file, at, 16);
    if (header.length < 8) return null;
    const size = header.readUInt32BE(0);
    const isLong = size === 1;
    if (isLong && header.length < 16) return null;
    const length = isLong ? Number(header.readBigUInt64BE(8)) : size === 0 ? end - at : size;
    const headerBytes = isLong ? 16 : 8;
    if (length < headerBytes) return null;
    if (header.toString("latin1", 4, 8) === type) return { start: at + headerBytes, end: Math.min(end, at + length) };
    at += length;
  }
  return null;
}

async function read(file: Blob, at: number, bytes: number): Promise<Buffer> {
  return Buffer.from(await file.slice(at, at + bytes).arrayBuffer());
}
