import { beforeAll, expect, test } from "bun:test";
import { addVideo, crowd, type Person, serverForFile, waitFor } from "@reelay/testkit";
import { readSortedAsOf, refreshListings } from "../../src/features/admin-lists/listing-refresh.ts";
import { transaction } from "../../src/platform/postgres.ts";

/* How counts get into the listings that orders by a count are read from. */

const { server, people } = serverForFile();
let ann: Person;
let videoId: number;

beforeAll(async () => {
  [ann] = await people("ann");
  videoId = await addVideo(server, ann);
});

const listed = async () => {
  const [row] = await server.app.sql`select likes_count as likes from video_listing where video_id = ${videoId}`;
  return row.likes as number;
};
const notes = async () => {
  const [row] = await server.app.sql`select count(*)::int as count from video_changes`;
  return row.count as number;
};
/** When the next turn is, and until when the listings are complete. */
const setTurn = (dueInSeconds: number, ageSeconds: number) => server.app.sql`
  update periodic_jobs set due_at = now() + make_interval(secs => ${dueInSeconds}),
    position = (extract(epoch from now()) - ${ageSeconds}) * 1000
  where name = 'refresh listings'`;

test("a node that has not its turn refreshes nothing; one that has works off every note, however many", async () => {
  await setTurn(3600, 0);
  const [fan] = await people("fan");
  await fan.post(`/videos/${videoId}/like`);
  await refreshListings(server.app);
  expect([await listed(), await notes()]).toEqual([0, 1]);
  await server.app.sql`insert into video_changes select ${videoId} from generate_series(1, 2500)`;
  await setTurn(0, 0);
  await refreshListings(server.app);
  await waitFor(async () => (await notes()) === 0 || undefined);
  expect(await listed()).toBe(1);
});

test("an order that is older than a minute is refreshed before it is read; the notes outlive every node", async () => {
  const fans = await crowd(server, 3, "fan");
  await setTurn(3600, 40);
  const before = await readSortedAsOf(server.app);
  for (const fan of fans) await fan.post(`/videos/${videoId}/like`);
  expect(await readSortedAsOf(server.app)).toBe(before);
  expect(await listed()).toBe(1);
  await setTurn(3600, 61);
  expect(Date.parse(await readSortedAsOf(server.app))).toBeGreaterThan(Date.parse(before));
  expect([await listed(), await notes()]).toEqual([4, 0]);
});

test("a row that another transaction holds is passed over, and its note stays", async () => {
  const [fan] = await people("fan");
  await setTurn(3600, 61);
  await fan.post(`/videos/${videoId}/like`);
  await transaction(server.app.sql, async (tx) => {
    await tx`select standing from video_listing where video_id = ${videoId} for update`;
    await readSortedAsOf(server.app);
    expect([await listed(), await notes()]).toEqual([4, 1]);
  });
  await setTurn(3600, 61);
  await readSortedAsOf(server.app);
  expect([await listed(), await notes()]).toEqual([5, 0]);
});

test("what is undone in the same transaction leaves the listing as it was", async () => {
  await setTurn(3600, 61);
  const before = await listed();
  await transaction(server.app.sql, async (tx) => {
    await tx`update videos set likes_count = likes_count + 7 where id = ${videoId}`;
    throw new Error("undone");
  }).catch(() => {});
  expect(await notes()).toBe(0);
  await readSortedAsOf(server.app);
  expect(await listed()).toBe(before);
});
