import { expect } from "bun:test";
import { readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { ErrorBody, Video } from "@reelay/contract";
import type { Answer } from "./api.ts";
import { type Person, peopleOf } from "./person.ts";
import type { TestServer } from "./server.ts";

function box(type: string, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(body.length + 8);
  header.write(type, 4, "latin1");
  return Buffer.concat([header, body]);
}

/** A box whose length is written in 64 bits. */
function longBox(type: string, content: Uint8Array): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32BE(1);
  header.write(type, 4, "latin1");
  header.writeBigUInt64BE(BigInt(content.length + 16), 8);
  return Buffer.concat([header, content]);
}

function mvhd(seconds: number, version: 0 | 1): Buffer {
  const header = Buffer.alloc(version === 0 ? 100 : 112);
  header[0] = version;
  header.writeUInt32BE(600, version === 0 ? 12 : 20);
  if (version === 0) header.writeUInt32BE(seconds < 0 ? 0xffffffff : Math.round(seconds * 600), 16);
  else header.writeBigInt64BE(seconds < 0 ? -1n : BigInt(Math.round(seconds * 600)), 24);
  return box("mvhd", header);
}

type Mp4 = { seconds?: number; moov?: "first" | "last" | "none"; version?: 0 | 1; brand?: string; size?: number };

/** The skeleton of a file: kind, header and `size` bytes of data that are all different enough to tell ranges apart. */
export function mp4({ seconds = 12.5, moov = "first", version = 0, brand = "isom", size = 4000 }: Mp4 = {}): Buffer {
  const kind = box("ftyp", Buffer.from(`${brand}\0\0\x02\0${brand}mp41`, "latin1"));
  const header = box("moov", box("udta", Buffer.alloc(20)), mvhd(seconds, version));
  const filling = Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * 7 + (n >> 8)) % 256));
  const data = Buffer.alloc(size, filling);
  if (moov === "none") return Buffer.concat([kind, box("mdat", data)]);
  return moov === "first"
    ? Buffer.concat([kind, header, box("mdat", data)])
    : Buffer.concat([kind, longBox("mdat", data), box("free"), header]);
}

/** An EBML header of that document type, and some bytes. */
export function ebml(docType = "webm"): Buffer {
  const head = "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82";
  return Buffer.concat([
    Buffer.from(`${head}${String.fromCharCode(0x80 + docType.length)}${docType}`, "latin1"),
    Buffer.alloc(500),
  ]);
}

export const PICTURES = {
  png: Buffer.from("\x89PNG\r\n\x1a\n and so on", "latin1"),
  jpg: Buffer.from("\xff\xd8\xff\xe0 and so on", "latin1"),
  webp: Buffer.from("RIFF\x20\x00\x00\x00WEBP and so on", "latin1"),
};

export type Parts = [name: string, content: string | Uint8Array, filename?: string][];

/** A form as a browser makes it, its parts in that order. */
export function formOf(parts: Parts): FormData {
  const form = new FormData();
  for (const [name, content, filename = name] of parts) {
    if (typeof content === "string") form.append(name, content);
    else form.append(name, new File([content as Uint8Array<ArrayBuffer>], filename));
  }
  return form;
}

export async function sendForm(person: Person, parts: Parts): Promise<Answer> {
  return await sendBody(person, formOf(parts));
}

export async function sendBody(
  person: Person,
  body: RequestInit["body"],
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${person.url}/api/v1/videos/`, {
    method: "POST",
    headers: { authorization: `Bearer ${person.token}`, ...headers },
    body,
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

/** Every file that the server has of users, finished or not. */
export async function storedFiles({ app }: Pick<TestServer, "app">): Promise<string[]> {
  const probe = await app.storage.begin();
  await probe.discard();
  const folder = dirname(dirname(probe.file.name!));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** A new account with a session. */
export async function somebody(server: TestServer): Promise<Person> {
  const [person] = await peopleOf(server, "somebody");
  return person;
}

/** Sends a form that must become a video. */
export async function accepted(server: TestServer, parts: Parts, person?: Person): Promise<Video> {
  const { status, body } = await sendForm(person ?? (await somebody(server)), parts);
  expect([status, body.error]).toEqual([201, undefined]);
  return Video.parse(body);
}

export type Refusal = [status: number, code: string, fields: string[]];

/** Sends what must be refused, and looks whether anything of it stayed: on the disk, in a list, in a count. */
export async function refused(
  server: TestServer,
  send: Parts | ((person: Person) => Promise<Answer>),
): Promise<Refusal> {
  const person = await somebody(server);
  const before = await storedFiles(server);
  const { status, body } = typeof send === "function" ? await send(person) : await sendForm(person, send);
  ErrorBody.parse(body);
  expect((await storedFiles(server)).sort()).toEqual(before.sort());
  expect((await person.get(`/videos/user/${person.id}`)).body).toEqual([]);
  expect((await person.get("/users/me")).body.videoCount).toBe(0);
  return [status, body.error.code, (body.error.details ?? []).map((detail: any) => detail.path)];
}
