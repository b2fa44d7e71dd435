import { expect, test } from "bun:test";
import fc from "fast-check";
import { ApiError } from "../platform/api-error.ts";
import { readBytes, readMultipart, readText } from "./multipart.ts";

type Given = { name: string; filename?: string; content: Buffer };

const BOUNDARY = "----WebKitFormBoundaryx";
const MAX_BYTES = 1024 * 1024;

function encode(parts: Given[]): Buffer {
  const pieces = parts.flatMap(({ name, filename, content }) => [
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? "" : `; filename="${filename}"`}\r\n\r\n`,
    content,
    "\r\n",
  ]);
  return Buffer.concat([...pieces, `--${BOUNDARY}--\r\n`].map((piece) => Buffer.from(piece as Buffer)));
}

function streamOf(bytes: Uint8Array, ...cuts: number[]): ReadableStream<Uint8Array> {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return new ReadableStream({
    start(controller) {
      for (let n = 1; n < places.length; n++) {
        const piece = bytes.slice(places[n - 1], places[n]);
        if (piece.length > 0) controller.enqueue(piece);
      }
      controller.close();
    },
  });
}

async function read(bytes: Uint8Array | string, { cuts = [] as number[], maxBytes = MAX_BYTES } = {}) {
  const parts: { name: string; filename: string | null; content: Buffer }[] = [];
  for await (const { name, filename, content } of readMultipart(
    streamOf(Buffer.from(bytes as string), ...cuts),
    BOUNDARY,
    maxBytes,
  )) {
    parts.push({ name, filename, content: await readBytes(content, maxBytes) });
  }
  return parts;
}

async function codeOf(reading: Promise<unknown>): Promise<string> {
  return await reading.then(
    () => "nothing was thrown",
    (error) => (error instanceof ApiError ? error.code : String(error)),
  );
}

/** Bytes in which line breaks, dashes and beginnings of the boundary come often. */
const content = fc
  .array(fc.constantFrom("\r", "\n", "\r\n", "--", `\r\n--${BOUNDARY.slice(0, 10)}`, "a", "\0", "\xff"), {
    maxLength: 60,
  })
  .map((pieces) => Buffer.from(pieces.join(""), "latin1"));

test("whatever a part holds and wherever the stream is cut, the same parts come out", async () => {
  const part = fc.record({ name: fc.constantFrom("file", "title", "a b"), content });
  const input = fc.record({ parts: fc.array(part, { maxLength: 5 }), cuts: fc.array(fc.nat(3000), { maxLength: 40 }) });
  await fc.assert(
    fc.asyncProperty(input, async ({ parts, cuts }) => {
      expect(await read(encode(parts), { cuts })).toEqual(parts.map((each) => ({ ...each, filename: null })));
    }),
    { numRuns: 300 },
  );
});

test("cut anywhere before its end, a form is incomplete, not shorter", async () => {
  const whole = encode([
    { name: "title", content: Buffer.from("x") },
    { name: "file", content: Buffer.alloc(100) },
  ]);
  const end = whole.length - "\r\n".length;
  for (let length = 0; length < end; length++) {
    expect([length, await codeOf(read(whole.subarray(0, length)))]).toEqual([length, "UPLOAD_INCOMPLETE"]);
  }
  expect(await read(whole.subarray(0, end))).toHaveLength(2);
});

test("what is not read of a part is passed over, all of it or the rest", async () => {
  const given = ["one", "two", "three"].map((name) => ({ name, content: Buffer.alloc(50_000, name) }));
  const names: string[] = [];
  for await (const { name, content } of readMultipart(
    streamOf(encode(given), 10, 60_000, 100_000),
    BOUNDARY,
    MAX_BYTES,
  )) {
    names.push(name);
    if (name !== "two") continue;
    for await (const chunk of content) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
  }
  expect(names).toEqual(["one", "two", "three"]);
});

test("names are read from their own parameter, quoted or not, whatever stands in a filename", async () => {
  const headers = {
    'form-data; name="file"; filename="a; name=title.mp4"': ["file", "a; name=title.mp4"],
    'form-data; filename="x\\" ; name=title"; name="file"': ["file", 'x" ; name=title'],
    "form-data; name=file ; filename=": ["file", ""],
    'FORM-DATA; NAME="file"': ["file", null],
    'form-data; name="file"; name="title"': ["file", null],
    'attachment; name="file"': ["", null],
    "form-data": ["", null],
  };
  for (const [header, [name, filename]] of Object.entries(headers)) {
    const text = `--${BOUNDARY}\r\nX-Other: 1\r\ncontent-disposition: ${header}\r\n\r\nx\r\n--${BOUNDARY}--`;
    expect(await read(text)).toEqual([
      { name: name as string, filename: filename as string, content: Buffer.from("x") },
    ]);
  }
});

test("a remark before the first boundary and after the last, and spaces behind one, are no part", async () => {
  const part = 'Content-Disposition: form-data; name="a"\r\n\r\nx';
  expect(await read(`a remark\r\n--${BOUNDARY} \t\r\n${part}\r\n--${BOUNDARY}--\r\nanother`)).toHaveLength(1);
  expect(await read(`--${BOUNDARY}\r\n\r\nno header\r\n--${BOUNDARY}--`)).toMatchObject([{ name: "" }]);
  expect(await read(`--${BOUNDARY}--`)).toEqual([]);
});

test("it is refused: too many parts, too long a header, no boundary, a boundary that goes on, more than allowed", async () => {
  const parts = (count: number) =>
    encode(Array.from({ length: count }, () => ({ name: "a", content: Buffer.from("x") })));
  expect(await read(parts(100))).toHaveLength(100);
  expect(await codeOf(read(parts(101)))).toBe("BAD_REQUEST");
  expect(await codeOf(read(`--${BOUNDARY}\r\nX: ${"x".repeat(9000)}\r\n\r\n\r\n--${BOUNDARY}--`))).toBe("BAD_REQUEST");
  expect(await codeOf(read(`--${BOUNDARY}\r\nX: ${"x".repeat(9000)}`))).toBe("BAD_REQUEST");
  expect(await codeOf(read("x".repeat(20_000)))).toBe("BAD_REQUEST");
  expect(await codeOf(read(`--${BOUNDARY}more\r\n\r\n\r\n--${BOUNDARY}--`))).toBe("BAD_REQUEST");
  const large = encode([{ name: "a", content: Buffer.alloc(2000) }]);
  expect(await codeOf(read(large, { maxBytes: 1999 }))).toBe("PAYLOAD_TOO_LARGE");
  expect(await codeOf(read(large, { maxBytes: large.length }))).toBe("nothing was thrown");
});

test("text must be UTF-8 and not too long", async () => {
  const textOf = async (bytes: Buffer, maxBytes = 100) => {
    for await (const part of readMultipart(streamOf(encode([{ name: "a", content: bytes }])), BOUNDARY, MAX_BYTES)) {
      return await readText(part, maxBytes);
    }
  };
  expect(await textOf(Buffer.from("xin chào 👋"))).toBe("xin chào 👋");
  expect(await codeOf(textOf(Buffer.from([0xff, 0xfe])))).toBe("BAD_REQUEST");
  expect(await codeOf(textOf(Buffer.alloc(101, "x")))).toBe("PAYLOAD_TOO_LARGE");
});

test("a stream that breaks is an upload that ended early, and whoever stops reading lets it go", async () => {
  const broken = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encode([{ name: "a", content: Buffer.alloc(100) }]).subarray(0, 120));
      controller.error(new Error("the connection was closed"));
    },
  });
  expect(await codeOf(Array.fromAsync(readMultipart(broken, BOUNDARY, MAX_BYTES)))).toBe("UPLOAD_INCOMPLETE");
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(encode([{ name: "a", content: Buffer.alloc(10) }]).subarray(0, -30)),
    cancel: () => {
      isCancelled = true;
    },
  });
  for await (const _ of readMultipart(endless, BOUNDARY, MAX_BYTES)) break;
  expect(isCancelled).toBe(true);
});
