import { beforeAll, expect, test } from "bun:test";
import { type Answer, addVideo, call, type Person, serverForFile } from "@reelay/testkit";

/* Searches, which may not take the database from everybody else. */

const { server, people } = serverForFile();
let ann: Person;

beforeAll(async () => {
  [ann] = await people("ann");
  await addVideo(server, ann);
});

const anonymously = (path: string): Promise<Answer> => call(server.url, "GET", path);
const search = (what: "users" | "videos", query: string) =>
  anonymously(`/${what}/search?q=${encodeURIComponent(query)}`);

/** Nobody can read the table until it is over. */
async function whileLocked(run: () => Promise<void>): Promise<void> {
  await server.app.sql.begin(async (tx) => {
    await tx`lock table accounts, videos in access exclusive mode`;
    await run();
  });
}

test("skip beyond 1000 is refused", async () => {
  for (const what of ["users", "videos"]) {
    expect((await anonymously(`/${what}/search?q=abc&skip=1000`)).status).toBe(200);
    expect((await anonymously(`/${what}/search?q=abc&skip=1001`)).status).toBe(422);
  }
  expect((await anonymously("/videos?skip=1001")).status).toBe(200);
});

test("a text without a trigram finds nothing, and does not touch the table", async () => {
  await whileLocked(async () => {
    for (const query of ["%%%", "😀😀😀", "!_%!_%", "   ...   "]) {
      for (const what of ["users", "videos"] as const) {
        const { status, body } = await search(what, query);
        expect([query, status, body]).toEqual([query, 200, []]);
      }
    }
    expect((await search("videos", "%")).body).toEqual([]);
  });
});

test("what has one is found: by three characters, two at the edge of a word, and the beginning of a username", async () => {
  const { id } = ann;
  await ann.put("/users/me", { fullName: "Xa Yb, Zc" });
  for (const query of ["a y", "yb,", "xa yb", ", zc", ann.username.slice(0, 2), ann.username.slice(0, 1)]) {
    const { body } = await search("users", query);
    expect([query, body.map((user: { id: number }) => user.id)]).toEqual([query, [id]]);
  }
});

test("one that takes too long ends with SERVER_BUSY, and tells when to try again", async () => {
  await whileLocked(async () => {
    for (const what of ["users", "videos"] as const) {
      const { status, body, headers } = await search(what, "abc");
      expect([status, body.error.code]).toEqual([503, "SERVER_BUSY"]);
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    }
  });
});

test("two run at a time, so many wait, and the rest is refused at once; others find the database free", async () => {
  const answers: Promise<Answer>[] = [];
  let waiting = 0;
  await whileLocked(async () => {
    for (let n = 0; n < 60; n++) answers.push(search(n % 2 ? "users" : "videos", "abc"));
    const refused = await Promise.race(answers);
    expect([refused.status, refused.body.error.code]).toEqual([503, "SERVER_BUSY"]);
    const [row] = await server.app.sql`
      select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    waiting = row.count;
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });
  expect(waiting).toBeLessThanOrEqual(2);
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 503).length).toBeGreaterThanOrEqual(60 - 2 - 32);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(10);
});
