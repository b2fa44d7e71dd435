import { deflateSync } from "node:zlib";

const CELLS = 5;
const CELL_PIXELS = 24;
const SIZE = CELLS * CELL_PIXELS;

/** A picture for a name, always the same one: a few squares of one colour, mirrored. */
export function avatarOf(name: string): Blob {
  const hash = Bun.hash.wyhash(name);
  const colour = colourOf(Number(hash % 360n));
  const rows = Array.from({ length: SIZE }, (_, y) => rowOf(Math.floor(y / CELL_PIXELS), hash, colour));
  return new Blob([png(Buffer.concat(rows))], { type: "image/png" });
}

type Colour = readonly [red: number, green: number, blue: number];
const BACKGROUND: Colour = [240, 240, 245];

/** One line of pixels, behind the byte that says that no filter is applied to it. */
function rowOf(cellY: number, hash: bigint, colour: Colour): Buffer {
  const pixels = Array.from({ length: SIZE }, (_, x) => {
    const cellX = Math.floor(x / CELL_PIXELS);
    const column = Math.min(cellX, CELLS - 1 - cellX);
    const isFilled = (hash >> BigInt(16 + cellY * 3 + column)) & 1n;
    return isFilled ? colour : BACKGROUND;
  });
  return Buffer.from([0, ...pixels.flat()]);
}

/** A strong one, by its angle on the wheel. */
function colourOf(degrees: number): Colour {
  const channel = (offset: number) => Math.round(130 + 90 * Math.cos(((degrees - offset) * Math.PI) / 180));
  return [channel(0), channel(120), channel(240)];
}

/** An image of SIZE × SIZE pixels, 8 bits a channel (PNG specification, section 11). */
function png(pixels: Buffer): Buffer<ArrayBuffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(pixels)), chunk("IEND")]);
}

function chunk(type: string, content: Buffer = Buffer.alloc(0)): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const frame = Buffer.alloc(named.length + 8);
  frame.writeUInt32BE(content.length);
  frame.set(named, 4);
  frame.writeUInt32BE(Bun.hash.crc32(named), named.length + 4);
  return frame;
}
