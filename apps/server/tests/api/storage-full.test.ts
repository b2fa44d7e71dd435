import { expect, test } from "bun:test";
import { statfs } from "node:fs/promises";
import {
  type Answer,
  addVideo,
  formOf,
  mp4,
  type Parts,
  type Person,
  PICTURES,
  refused,
  sendBody,
  sendForm,
  serverForFile,
  signUp,
  somebody,
  startTestServer,
  storedFiles,
} from "@reelay/testkit";
import { purgeVideos } from "../../src/features/videos/purge.ts";

/* What happens when there is no room: a user's, the disk's, the database's. */

const MB = 1024 * 1024;

const { server, people } = serverForFile({ env: { STORAGE_MB_PER_USER: "2", MAX_UPLOAD_MB: "3" } });

const outcome = ({ status, body }: Answer) => [status, body.error?.code];
const film = (bytes: number): Parts => [
  ["title", "x"],
  ["file", Buffer.concat([mp4({ moov: "none", size: 100 }), Buffer.alloc(bytes)]).subarray(0, bytes)],
];

async function sendAvatar(person: Person, picture: Uint8Array): Promise<Answer> {
  const response = await fetch(`${person.url}/api/v1/users/me/avatar`, {
    method: "POST",
    headers: { authorization: `Bearer ${person.token}` },
    body: formOf([["file", picture]]),
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

test("the files of one user take no more than the quota, to the byte; nothing of what is refused stays", async () => {
  expect(await refused(server, film(2 * MB + 1))).toEqual([413, "QUOTA_EXCEEDED", []]);
  const ann = await somebody(server);
  expect(outcome(await sendForm(ann, film(MB)))).toEqual([201, undefined]);
  expect(outcome(await sendForm(ann, film(MB + 1)))).toEqual([413, "QUOTA_EXCEEDED"]);
  const withThumb: Parts = [...film(MB - PICTURES.png.length + 1), ["thumb", PICTURES.png, "t.png"]];
  expect(outcome(await sendForm(ann, withThumb))).toEqual([413, "QUOTA_EXCEEDED"]);
  expect(outcome(await sendForm(ann, film(MB)))).toEqual([201, undefined]);
  expect(outcome(await sendAvatar(ann, PICTURES.png))).toEqual([413, "QUOTA_EXCEEDED"]);
  expect((await ann.post("/videos/", { title: "a link", url: "https://example.com/v.mp4" })).status).toBe(201);
  expect((await ann.get("/users/me")).body.videoCount).toBe(3);
  const other = await somebody(server);
  expect(outcome(await sendForm(other, film(2 * MB)))).toEqual([201, undefined]);
});

test("of uploads sent at once as many are kept as there is room for", async () => {
  const ann = await somebody(server);
  const before = (await storedFiles(server)).length;
  const answers = await Promise.all(Array.from({ length: 5 }, () => sendForm(ann, film(0.9 * MB))));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 413, 413, 413]);
  expect(await storedFiles(server)).toHaveLength(before + 2);
});

test("what is deleted counts until its bytes are purged; the avatar counts as it stands", async () => {
  const ann = await somebody(server);
  const { body: video } = await sendForm(ann, film(2 * MB - 1000));
  expect((await sendAvatar(ann, Buffer.concat([PICTURES.png, Buffer.alloc(200)]))).status).toBe(200);
  expect((await sendAvatar(ann, PICTURES.png)).status).toBe(200);
  expect(outcome(await sendForm(ann, film(1000)))).toEqual([413, "QUOTA_EXCEEDED"]);
  expect((await ann.delete(`/videos/${video.id}`)).status).toBe(200);
  expect(outcome(await sendForm(ann, film(1000)))).toEqual([413, "QUOTA_EXCEEDED"]);
  await purgeVideos(server.app);
  expect(outcome(await sendForm(ann, film(1000)))).toEqual([201, undefined]);
});

test("an upload without a declared length ends where the quota does", async () => {
  const ann = await somebody(server);
  const form = new Response(formOf(film(2 * MB + 1)));
  const type = form.headers.get("content-type")!;
  expect(outcome(await sendBody(ann, form.body!, { "content-type": type }))).toEqual([413, "QUOTA_EXCEEDED"]);
});

test("while the disk runs low, files are refused with 507; links and everything else are not", async () => {
  const { bavail, bsize } = await statfs("/tmp");
  const enough = Math.ceil((bavail * bsize) / MB);
  const full = await startTestServer({ env: { MIN_FREE_DISK_MB: String(enough * 2) } });
  const ann = await somebody(full);
  for (const answer of [await sendForm(ann, film(1000)), await sendAvatar(ann, PICTURES.png)]) {
    expect(outcome(answer)).toEqual([507, "DISK_FULL"]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  }
  expect(await storedFiles(full)).toEqual([]);
  expect((await ann.post("/videos/", { title: "a link", url: "https://example.com/v.mp4" })).status).toBe(201);
  expect((await fetch(`${full.url}/readyz`)).status).toBe(200);
  await full.stop();
});

test("a full disk of the database is 503, and /readyz says so until there is room again", async () => {
  const { sql } = server.app;
  const [ann, ready] = [await signUp(server, "ann"), () => fetch(`${server.url}/readyz`)];
  const videoId = await addVideo(server, ann);
  const comment = () => ann.post("/comments/", { videoId, content: "x" });
  expect((await ready()).status).toBe(200);
  // What takes room fails as it does on a full disk: rows of this table, and new tables.
  await sql.unsafe(`
    create function no_room() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$;
    create function no_room_for_tables() returns event_trigger language plpgsql as
      $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$;
    create trigger no_room before insert on comments for each row execute function no_room();
    create event trigger no_room_for_tables on ddl_command_start when tag in ('CREATE TABLE AS')
      execute function no_room_for_tables();`);
  expect((await ready()).status).toBe(200);
  const failed = await comment();
  expect(outcome(failed)).toEqual([503, "UNAVAILABLE"]);
  expect(Number(failed.headers.get("retry-after"))).toBeGreaterThan(0);
  for (let n = 0; n < 2; n++) {
    const answer = await ready();
    expect([answer.status, await answer.json()]).toEqual([503, { status: "the database's disk is full" }]);
  }
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  await sql.unsafe("drop event trigger no_room_for_tables; drop trigger no_room on comments");
  expect((await ready()).status).toBe(200);
  expect((await comment()).status).toBe(201);
});

test("a database without memory is 503 too", async () => {
  const [ann] = await people("ann");
  const videoId = await addVideo(server, ann);
  await server.app.sql.unsafe(`
    create function no_memory() returns trigger language plpgsql as
      $$ begin raise exception 'out of memory' using errcode = '53200'; end $$;
    create trigger no_memory before insert on comments for each row execute function no_memory();`);
  expect(outcome(await ann.post("/comments/", { videoId, content: "x" }))).toEqual([503, "UNAVAILABLE"]);
  await server.app.sql.unsafe("drop trigger no_memory on comments");
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
});
