/* By hand, and not by @fastify/busboy: docs/decisions/0011-libraries-tried.md says why. */

import type { Context } from "hono";
import { fail } from "../platform/api-error.ts";
import type { Env } from "./env.ts";

/** One part of a form, as it arrives. What is not read of its content is passed over. */
export type FormPart = {
  name: string;
  /** Null for a plain field; empty for a file that was not chosen. */
  filename: string | null;
  /** Each chunk is good until the next one is asked for. */
  content: AsyncIterable<Uint8Array>;
};

const MAX_PARTS = 100;
const MAX_HEADER_BYTES = 8192;
const END_OF_HEADERS = Buffer.from("\r\n\r\n");
const DASHES = "--";

/** The parts of a request that is a multipart form, null for any other. Nothing is held but what is being looked at. */
export function formParts(c: Context<Env>, maxBytes: number): AsyncIterable<FormPart> | null {
  if (!isMultipart(c)) return null;
  const type = c.req.header("content-type") ?? "";
  const [, quoted, bare] = type.match(/;\s*boundary=(?:"([^"]{1,70})"|([^\s";]{1,70}))\s*(?:;|$)/i) ?? [];
  const boundary = quoted ?? bare;
  const { body } = c.req.raw;
  if (!boundary || !body) throw fail("BAD_REQUEST", { message: "The form has no boundary, or no body." });
  return readMultipart(body, boundary, maxBytes);
}

export function isMultipart(c: Context<Env>): boolean {
  return /^multipart\/form-data\s*(;|$)/i.test(c.req.header("content-type") ?? "");
}

/**
 * Reads a multipart form (RFC 7578) part by part, in the order they come.
 * @throws ApiError PAYLOAD_TOO_LARGE beyond `maxBytes`, UPLOAD_INCOMPLETE when it ends early, BAD_REQUEST when it is none
 */
export async function* readMultipart(
  body: ReadableStream<Uint8Array>,
  boundary: string,
  maxBytes: number,
): AsyncGenerator<FormPart> {
  const delimiter = Buffer.from(`\r\n${DASHES}${boundary}`);
  const form = new Scanner(body, maxBytes);
  try {
    await form.skipPreamble(delimiter);
    for (let count = 0; !(await form.isNext(DASHES)); count++) {
      if (count === MAX_PARTS) throw fail("BAD_REQUEST", { message: `A form has at most ${MAX_PARTS} parts.` });
      const header = await form.header();
      const content = form.until(delimiter);
      yield { ...describePart(header), content };
      await form.skip(delimiter);
    }
  } finally {
    await form.close();
  }
}

/** The text of a plain field. */
export async function readText({ content }: FormPart, maxBytes: number): Promise<string> {
  const bytes = await readBytes(content, maxBytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw fail("BAD_REQUEST", { message: "A field is not UTF-8 text." });
  }
}

/** Everything there is, in memory. */
export async function readBytes(content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > maxBytes) throw fail("PAYLOAD_TOO_LARGE");
    // A copy: a few bytes must not keep the whole of what they arrived in.
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}

/** Finds its way through a stream, holding one chunk of it and what a delimiter might begin in. */
class Scanner {
  readonly #reader;
  readonly #maxBytes: number;
  /** Used again for every chunk: memory that is only let go of piles up faster than it is collected. */
  #window = Buffer.alloc(64 * 1024);
  /** The part of the window that is still to be looked at. It begins as if a line had ended before the body. */
  #held = this.#window.subarray(0, this.#window.write("\r\n"));
  #received = 0;
  #isAtDelimiter = false;

  constructor(body: ReadableStream<Uint8Array>, maxBytes: number) {
    this.#reader = body.getReader();
    this.#maxBytes = maxBytes;
  }

  /** What stands before the next delimiter, which is consumed. Stopping early leaves the rest where it is. */
  async *until(delimiter: Buffer): AsyncGenerator<Uint8Array> {
    while (!this.#isAtDelimiter) {
      const at = this.#held.indexOf(delimiter);
      this.#isAtDelimiter = at >= 0;
      const ready = at >= 0 ? at : Math.max(0, this.#held.length - delimiter.length + 1);
      const chunk = this.#held.subarray(0, ready);
      this.#held = this.#held.subarray(at >= 0 ? at + delimiter.length : ready);
      if (chunk.length > 0) yield chunk;
      if (!this.#isAtDelimiter) await this.#receive();
    }
  }

  /** Before the first delimiter there may be a remark, not a body of another kind. */
  async skipPreamble(delimiter: Buffer): Promise<void> {
    let size = 0;
    for await (const chunk of this.until(delimiter)) {
      size += chunk.length;
      if (size > MAX_HEADER_BYTES) throw fail("BAD_REQUEST", { message: "The form has no boundary in it." });
    }
  }

  /** Passes over what nobody read before the delimiter. */
  async skip(delimiter: Buffer): Promise<void> {
    for await (const _ of this.until(delimiter));
  }

  async isNext(text: string): Promise<boolean> {
    while (this.#held.length < text.length) await this.#receive();
    return this.#held.toString("latin1", 0, text.length) === text;
  }

  /** The lines between a delimiter and the empty line that ends them. The content of the part is next. */
  async header(): Promise<string> {
    for (;;) {
      const end = this.#held.indexOf(END_OF_HEADERS);
      if (end > MAX_HEADER_BYTES || (end < 0 && this.#held.length > MAX_HEADER_BYTES)) {
        throw fail("BAD_REQUEST", { message: "The header of a part is too long." });
      }
      if (end < 0) {
        await this.#receive();
        continue;
      }
      const header = this.#held.toString("utf8", 0, end);
      this.#held = this.#held.subarray(end + END_OF_HEADERS.length);
      this.#isAtDelimiter = false;
      return header;
    }
  }

  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => {});
  }

  async #receive(): Promise<void> {
    const { done, value } = await this.#reader.read().catch(() => ({ done: true, value: undefined }));
    if (done || !value) throw fail("UPLOAD_INCOMPLETE");
    this.#received += value.length;
    if (this.#received > this.#maxBytes) throw fail("PAYLOAD_TOO_LARGE");
    this.#hold(value);
  }

  #hold(chunk: Uint8Array): void {
    const held = this.#held;
    const size = held.length + chunk.length;
    if (size > this.#window.length) this.#window = Buffer.allocUnsafeSlow(size);
    this.#window.set(held);
    this.#window.set(chunk, held.length);
    this.#held = this.#window.subarray(0, size);
    // Gives the chunk's memory back now. Left to the collector, an upload of any size grows the process by some 30 MB.
    if (chunk.byteLength === chunk.buffer.byteLength) (chunk.buffer as ArrayBuffer).transfer(0);
  }
}

/** Name and filename of the Content-Disposition line; a part without a name is called by none that anybody asks for. */
export function describePart(header: string): Omit<FormPart, "content"> {
  const [rest, ...lines] = header.split("\r\n");
  if (rest?.trim() !== "") throw fail("BAD_REQUEST", { message: "A boundary does not end its line." });
  const disposition = lines.find((line) => /^content-disposition:\s*form-data\s*(;|$)/i.test(line)) ?? "";
  const parameters = new Map<string, string>();
  for (const [, key, quoted, bare] of disposition.matchAll(PARAMETER)) {
    const value = quoted?.replace(/\\(.)/g, "$1") ?? bare?.trim() ?? "";
    if (key && !parameters.has(key.toLowerCase())) parameters.set(key.toLowerCase(), value);
  }
  return { name: parameters.get("name") ?? "", filename: parameters.get("filename") ?? null };
}

/** Taken from left to right, so that what a quoted value contains is not read as another parameter. */
const PARAMETER = /;\s*([\w*-]+)\s*=\s*(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^;]*))/g;
