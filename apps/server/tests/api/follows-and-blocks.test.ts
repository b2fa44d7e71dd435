import { afterEach, beforeAll, expect, test } from "bun:test";
import { Changed, Followers, Following, FollowResponse, User } from "@reelay/contract";
import { call, crowd, type Person, promote, serverForFile, settleJobs } from "@reelay/testkit";
import { z } from "zod";

const { server, people } = serverForFile();
let admin: Person;

beforeAll(async () => {
  [admin] = await people("admin");
  await promote(server, admin, "admin");
});

afterEach(async () => {
  const wrong = await server.app.sql`
    select id, follower_count, following_count from accounts a
    where follower_count <> (select count(*) from follows where followee_id = a.id and deleted_at is null)
      or following_count <> (select count(*) from follows where follower_id = a.id and deleted_at is null)`;
  expect([...wrong]).toEqual([]);
});

const ban = (person: Person) => admin.post(`/admin/users/${person.id}/ban`, { reason: "spam" });
const unban = (person: Person) => admin.post(`/admin/users/${person.id}/unban`);
const follow = (by: Person, whom: Person) => by.post(`/users/${whom.id}/follow`);
const unfollow = (by: Person, whom: Person) => by.delete(`/users/${whom.id}/follow`);
const block = (by: Person, whom: Person) => by.post(`/users/${whom.id}/block`);
const unblock = (by: Person, whom: Person) => by.delete(`/users/${whom.id}/block`);
const write = (by: Person, whom: Person) => by.post("/messages/", { receiverId: whom.id, content: "hi" });
const publicly = (path: string) => call(server.url, "GET", path);

async function countsOf(person: Person) {
  const { body } = await publicly(`/users/${person.id}`);
  return { followers: body.followerCount, following: body.followingCount };
}

function outcome({ status, body }: { status: number; body: any }) {
  return [status, body.error?.code];
}

function idsOf(rows: User[] | Person[]) {
  return rows.map(({ id }) => id);
}

async function deletedPerson(): Promise<Person> {
  const [person] = await people("gone");
  expect((await person.delete("/users/me", { password: person.password })).status).toBe(200);
  return person;
}

test("following and leaving by either family of paths: once it changes something, again it does not", async () => {
  const families = [
    { follow: "/users/ID/follow", unfollow: "/users/ID/follow" },
    { follow: "/social/follow/ID", unfollow: "/social/unfollow/ID" },
  ];
  for (const paths of families) {
    const [ann, bob, cleo] = await people("ann", "bob", "cleo");
    await follow(cleo, bob);
    const [to, from] = [paths.follow.replace("ID", `${bob.id}`), paths.unfollow.replace("ID", `${bob.id}`)];
    const steps = [
      await ann.delete(from),
      await ann.post(to),
      await ann.post(to),
      await ann.delete(from),
      await ann.delete(from),
    ];
    expect(steps.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(steps.map(({ body }) => FollowResponse.parse(body))).toEqual([
      { changed: false, followerCount: 1 },
      { changed: true, followerCount: 2 },
      { changed: false, followerCount: 2 },
      { changed: true, followerCount: 1 },
      { changed: false, followerCount: 1 },
    ]);
  }
});

test("following counts for both, in one direction", async () => {
  const [ann, bob] = await people("ann", "bob");
  await follow(ann, bob);
  expect(await countsOf(ann)).toEqual({ followers: 0, following: 1 });
  expect(await countsOf(bob)).toEqual({ followers: 1, following: 0 });
  await follow(bob, ann);
  await unfollow(ann, bob);
  expect(await countsOf(ann)).toEqual({ followers: 1, following: 0 });
  expect(await countsOf(bob)).toEqual({ followers: 0, following: 1 });
});

test("fifty people following one at once: fifty followers and notifications, each answered a count with himself in it", async () => {
  const [star, ...fans] = await crowd(server, 51);
  const answers = await Promise.all(fans.map((fan) => follow(fan, star)));
  expect(answers.every(({ status, body }) => status === 200 && body.changed)).toBe(true);
  const numbers = answers.map(({ body }) => body.followerCount);
  expect(Math.min(...numbers)).toBeGreaterThan(0);
  expect(Math.max(...numbers)).toBe(50);
  expect((await star.get("/notifications/unseen/count")).body).toBe(50);
  expect((await publicly(`/social/followers/${star.id}`)).body).toMatchObject({ total: 50 });
});

test("following the same person fifty times at once changes something once", async () => {
  const [ann, bob] = await people("ann", "bob");
  const answers = await Promise.all(Array.from({ length: 50 }, () => follow(ann, bob)));
  expect(answers.filter(({ body }) => body.changed)).toHaveLength(1);
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.followerCount}`))).toEqual(new Set(["200 1"]));
});

test("a storm of following, leaving, blocking and unblocking among a few: no failure, and the counts are exact", async () => {
  const group = await crowd(server, 4);
  const work = Array.from({ length: 150 }, (_, n) => {
    const [by, whom] = [group[n % 4]!, group[(n + 1 + (n % 3)) % 4]!];
    return [follow, follow, unfollow, block, follow, unblock, unblock][n % 7]!(by, whom);
  });
  const statuses = new Set((await Promise.all(work)).map(({ status }) => status));
  expect([...statuses].filter((status) => status !== 200 && status !== 403)).toEqual([]);
});

test("nobody follows or blocks himself", async () => {
  const [ann] = await people("ann");
  expect(outcome(await follow(ann, ann))).toEqual([422, "SELF_FOLLOW"]);
  expect(outcome(await ann.post(`/social/follow/${ann.id}`))).toEqual([422, "SELF_FOLLOW"]);
  expect(outcome(await unfollow(ann, ann))).toEqual([422, "SELF_FOLLOW"]);
  expect(outcome(await block(ann, ann))).toEqual([422, "SELF_BLOCK"]);
});

test("who is unknown, banned or deleted cannot be followed or blocked, nor his lists be read: 404 alike", async () => {
  const [ann, bannedOne] = await people("ann", "bannedOne");
  await ban(bannedOne);
  const ids = [999_999_999, bannedOne.id, (await deletedPerson()).id];
  for (const id of ids) {
    const attempts = [
      await ann.post(`/users/${id}/follow`),
      await ann.post(`/social/follow/${id}`),
      await ann.delete(`/users/${id}/follow`),
      await ann.delete(`/social/unfollow/${id}`),
      await ann.post(`/users/${id}/block`),
      await ann.delete(`/users/${id}/block`),
      await ann.get(`/social/followers/${id}`),
      await ann.get(`/social/following/${id}`),
    ];
    expect(attempts.map(outcome)).toEqual(attempts.map(() => [404, "USER_NOT_FOUND"]));
  }
});

test("without a token nobody follows or blocks", async () => {
  const [ann] = await people("ann");
  const paths = [`/users/${ann.id}/follow`, `/social/follow/${ann.id}`, `/users/${ann.id}/block`];
  for (const path of paths) expect((await call(server.url, "POST", path)).status).toBe(401);
  expect((await call(server.url, "GET", "/users/me/blocks")).status).toBe(401);
});

test("the lists: the latest first, page by page, with the total of all, as the viewer sees them", async () => {
  const [star, ...fans] = await crowd(server, 5);
  for (const fan of fans) await follow(fan, star);
  for (const fan of fans) await follow(star, fan);
  const [viewer] = await people("viewer");
  await follow(viewer, fans[0]!);
  const latest = idsOf(fans).reverse();
  const { status, body, headers } = await viewer.get(`/social/followers/${star.id}`);
  expect([status, headers.has("x-event-cursor")]).toEqual([200, true]);
  Followers.parse(body);
  expect([idsOf(body.followers), body.total]).toEqual([latest, 4]);
  expect(body.followers.map((user: User) => user.isFollowing)).toEqual([false, false, false, true]);
  const part = await publicly(`/social/followers/${star.id}?skip=1&limit=2`);
  expect([idsOf(part.body.followers), part.body.total]).toEqual([latest.slice(1, 3), 4]);
  expect(part.body.followers[0].isFollowing).toBeNull();
  const following = await publicly(`/social/following/${star.id}?skip=3`);
  Following.parse(following.body);
  expect([idsOf(following.body.following), following.body.total]).toEqual([latest.slice(3), 4]);
  expect((await publicly(`/social/following/${viewer.id}`)).body).toMatchObject({
    total: 1,
    following: [{ id: fans[0]!.id }],
  });
});

test("the lists hold a hundred unless told otherwise, and have the bounds of every list", async () => {
  const [star, ...fans] = await crowd(server, 102);
  await server.app.sql`
    insert into follows (follower_id, followee_id) select id, ${star.id} from accounts
    where id = any(${server.app.sql.array(idsOf(fans), "BIGINT")})`;
  await server.app.sql`
    update accounts set follower_count = case when id = ${star.id} then 101 else 0 end,
      following_count = case when id = ${star.id} then 0 else 1 end
    where id = ${star.id} or id = any(${server.app.sql.array(idsOf(fans), "BIGINT")})`;
  const { body } = await publicly(`/social/followers/${star.id}`);
  expect([body.followers.length, body.total]).toEqual([100, 101]);
  for (const list of ["followers", "following"]) {
    for (const query of ["limit=0", "skip=-1", "skip=10001", "limit=x"]) {
      expect([query, (await publicly(`/social/${list}/${star.id}?${query}`)).status]).toEqual([query, 422]);
    }
  }
});

test("a follower who is banned is not listed but counted, and can be left; one who is deleted is neither", async () => {
  const [star, bannedOne] = await people("star", "bannedOne");
  const [goneOne] = await people("gone");
  for (const fan of [bannedOne, goneOne]) await follow(fan, star);
  await follow(star, bannedOne);
  await ban(bannedOne);
  const lists = async () => [
    (await publicly(`/social/followers/${star.id}`)).body,
    (await publicly(`/social/following/${star.id}`)).body,
  ];
  expect(await lists()).toMatchObject([
    { followers: [{ id: goneOne.id }], total: 2 },
    { following: [], total: 1 },
  ]);
  await goneOne.delete("/users/me", { password: goneOne.password });
  await settleJobs(server);
  expect(await lists()).toMatchObject([
    { followers: [], total: 1 },
    { following: [], total: 1 },
  ]);
  expect((await unfollow(star, bannedOne)).body).toEqual({ changed: true, followerCount: 0 });
  await unban(bannedOne);
  expect(await lists()).toMatchObject([
    { followers: [{ id: bannedOne.id }], total: 1 },
    { following: [], total: 0 },
  ]);
});

test("blocking ends following both ways, for the counts too, and changes something once", async () => {
  const [ann, bob, cleo] = await people("ann", "bob", "cleo");
  for (const [by, whom] of [
    [ann, bob],
    [bob, ann],
    [cleo, ann],
    [cleo, bob],
  ] as const)
    await follow(by, whom);
  const first = await block(ann, bob);
  expect([first.status, Changed.parse(first.body)]).toEqual([200, { success: true, changed: true }]);
  expect((await block(ann, bob)).body).toEqual({ success: true, changed: false });
  expect(await countsOf(ann)).toEqual({ followers: 1, following: 0 });
  expect(await countsOf(bob)).toEqual({ followers: 1, following: 0 });
  expect(idsOf((await publicly(`/social/followers/${bob.id}`)).body.followers)).toEqual([cleo.id]);
  expect((await ann.get(`/users/${bob.id}`)).body).toMatchObject({
    isFollowing: false,
    followsMe: false,
    isBlocked: true,
  });
});

test("a block holds in both directions until it is lifted, and what was followed before stays unfollowed", async () => {
  const [ann, bob] = await people("ann", "bob");
  await follow(ann, bob);
  expect((await write(bob, ann)).status).toBe(201);
  await block(ann, bob);
  for (const [by, whom] of [
    [ann, bob],
    [bob, ann],
  ] as const) {
    expect(outcome(await follow(by, whom))).toEqual([403, "CANNOT_FOLLOW"]);
    expect(outcome(await by.post(`/social/follow/${whom.id}`))).toEqual([403, "CANNOT_FOLLOW"]);
    expect(outcome(await write(by, whom))).toEqual([403, "CANNOT_MESSAGE"]);
    expect((await unfollow(by, whom)).body).toEqual({ changed: false, followerCount: 0 });
    expect((await by.get(`/messages/conversation/${whom.id}`)).body).toHaveLength(1);
  }
  const lifted = await unblock(ann, bob);
  expect([lifted.status, Changed.parse(lifted.body)]).toEqual([200, { success: true, changed: true }]);
  expect((await unblock(ann, bob)).body).toEqual({ success: true, changed: false });
  expect(await countsOf(bob)).toEqual({ followers: 0, following: 0 });
  for (const [by, whom] of [
    [ann, bob],
    [bob, ann],
  ] as const) {
    expect((await follow(by, whom)).body).toEqual({ changed: true, followerCount: 1 });
    expect((await write(by, whom)).status).toBe(201);
  }
});

test("of two who blocked each other, one lifting his block does not lift the other's", async () => {
  const [ann, bob] = await people("ann", "bob");
  await block(ann, bob);
  expect((await block(bob, ann)).body.changed).toBe(true);
  expect((await unblock(ann, bob)).body.changed).toBe(true);
  expect(outcome(await follow(ann, bob))).toEqual([403, "CANNOT_FOLLOW"]);
  await unblock(bob, ann);
  expect((await follow(ann, bob)).status).toBe(200);
});

test("following and being blocked at the same moment never leaves both", async () => {
  const all = await crowd(server, 40);
  const pairs = all.flatMap((person, n) => (n % 2 ? [] : [[person, all[n + 1]!] as const]));
  await Promise.all(pairs.flatMap(([fan, star]) => [follow(fan, star), block(star, fan), follow(star, fan)]));
  for (const [fan, star] of pairs) {
    expect(await countsOf(star)).toEqual({ followers: 0, following: 0 });
    expect(await countsOf(fan)).toEqual({ followers: 0, following: 0 });
  }
});

test("one's blocks: the latest first, page by page, one's own only; who is banned is left out meanwhile", async () => {
  const [ann, bob, cleo, dan] = await people("ann", "bob", "cleo", "dan");
  for (const person of [bob, cleo, dan]) await block(ann, person);
  await block(bob, dan);
  const list = async (by: Person, query = "") => {
    const { status, body, headers } = await by.get(`/users/me/blocks${query}`);
    expect([status, headers.has("x-event-cursor")]).toEqual([200, true]);
    return z.array(User).parse(body);
  };
  expect(idsOf(await list(ann))).toEqual([dan.id, cleo.id, bob.id]);
  expect((await list(ann)).every(({ isBlocked }) => isBlocked)).toBe(true);
  expect(idsOf(await list(ann, "?skip=1&limit=1"))).toEqual([cleo.id]);
  expect([idsOf(await list(bob)), await list(dan)]).toEqual([[dan.id], []]);
  await ban(dan);
  expect(idsOf(await list(ann))).toEqual([cleo.id, bob.id]);
  await unban(dan);
  expect(idsOf(await list(ann))).toEqual([dan.id, cleo.id, bob.id]);
  await ban(dan);
  expect((await unblock(ann, dan)).body.changed).toBe(true);
  await unban(dan);
  expect(idsOf(await list(ann))).toEqual([cleo.id, bob.id]);
});
