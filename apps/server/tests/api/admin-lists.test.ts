import { beforeAll, describe, expect, test } from "bun:test";
import { AdminReports, AdminUsers, AdminVideos, AuditLog } from "@reelay/contract";
import { addVideo, crowd, type Person, promote, serverForFile } from "@reelay/testkit";

/* The lists by which staff find accounts, videos, reports and what was done. */

const { server, people } = serverForFile();
let admin: Person;
let moderator: Person;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  [admin, moderator, ann, bob] = await people("admin", "moderator", "ann", "bob");
  await promote(server, admin, "admin");
  await promote(server, moderator, "moderator");
});

const idsOf = (rows: { id: number }[]) => rows.map(({ id }) => id);
const users = async (query = "") => AdminUsers.parse((await moderator.get(`/admin/users?${query}`)).body);
const videos = async (query = "") => AdminVideos.parse((await moderator.get(`/admin/videos?${query}`)).body);
const reports = async (query = "") => AdminReports.parse((await moderator.get(`/admin/reports?${query}`)).body);
const auditLog = async (query = "") => AuditLog.parse((await moderator.get(`/admin/audit-log?${query}`)).body);
const codeOf = async (path: string) => {
  const { status, body } = await moderator.get(path);
  return [path, status, body.error?.code];
};

describe("pages", () => {
  test("follow each other without a gap, in either order, and one beyond the end is empty", async () => {
    const made = await crowd(server, 5, "paged");
    const search = "search=paged&limit=2";
    const pages = [await users(`${search}&page=1`), await users(`${search}&page=2`), await users(`${search}&page=3`)];
    expect(pages.flatMap((page) => idsOf(page.users))).toEqual(idsOf(made).toReversed());
    expect(pages[2]!.pagination).toEqual({ page: 3, limit: 2, total: 5, pages: 3 });
    const beyond = await users(`${search}&page=4`);
    expect(beyond).toEqual({ users: [], pagination: { page: 4, limit: 2, total: 5, pages: 3 } });
    expect(idsOf((await users("search=paged&order=asc&limit=5")).users)).toEqual(idsOf(made));
  });

  test("of what has been made at one moment are told apart by id", async () => {
    const made = await crowd(server, 3, "moment");
    await server.app.sql`update accounts set created_at = '2026-01-01' where username like 'moment%'`;
    const [first, second] = [await users("search=moment&limit=2"), await users("search=moment&limit=2&page=2")];
    expect([...idsOf(first.users), ...idsOf(second.users)]).toEqual(idsOf(made).toReversed());
  });

  test("that are no pages, or too far, are refused; a limit is cut to 100", async () => {
    for (const list of ["users", "videos", "reports", "audit-log"]) {
      const at = (query: string) => codeOf(`/admin/${list}?${query}`);
      const wrong = ["page=0", "page=-1", "page=1000000000", "page=1.5", "limit=0", "page=101&limit=100"];
      for (const query of [...wrong, "page=501", "limit=x"]) {
        expect(await at(query)).toEqual([`/admin/${list}?${query}`, 422, "VALIDATION_ERROR"]);
      }
      expect((await at("page=500&limit=20"))[1]).toBe(200);
      expect((await moderator.get(`/admin/${list}?limit=500&page=100`)).body.pagination.limit).toBe(100);
    }
    const { body } = await moderator.get("/admin/users?page=501");
    expect(body.detail).toBe("page: times limit must be at most 10000");
  });

  test("say what of the query is unknown", async () => {
    const wrong = ["users?status=deleted", "users?sort_by=email", "users?order=up", "users?seen_within=1d"];
    wrong.push(
      "users?created=yesterday",
      "videos?visibility=hidden",
      "videos?sort_by=shares",
      "videos?status=x&order=1",
    );
    wrong.push(
      "reports?status=approved2",
      "reports?target_type=account",
      "reports?sort_by=reason",
      "reports?decided=x",
    );
    wrong.push("audit-log?actor=x", "audit-log?from=yesterday", "audit-log?action=%25", "audit-log?target_id=0");
    for (const query of wrong) {
      expect(await codeOf(`/admin/${query}`)).toEqual([`/admin/${query}`, 422, "VALIDATION_ERROR"]);
    }
  });

  test("are nobody's but staff's", async () => {
    for (const list of ["users", "videos", "reports", "audit-log", "users/1", "videos/999999999", "reports/x?page=0"]) {
      const { status, body } = await ann.get(`/admin/${list}`);
      expect([list, status, body.error.code]).toEqual([list, 403, "FORBIDDEN"]);
      expect((await admin.get(`/admin/${list}`)).status).not.toBe(403);
    }
  });
});

describe("accounts", () => {
  test("have what staff needs of each", async () => {
    const [rude] = await people("rude");
    await ann.put("/users/me", { fullName: "Ann Lê", bio: "hi" });
    await admin.post(`/admin/users/${rude.id}/ban`, { reason: "Spam" });
    await server.app.activity.flush();
    const [row] = (await users(`search=${ann.username}`)).users;
    expect(row).toEqual({
      ...{ id: ann.id, username: ann.username, email: ann.email, fullName: "Ann Lê", avatarUrl: null, bio: "hi" },
      ...{ role: "user", followerCount: 0, followingCount: 0, videoCount: 0, isVerified: false, isBanned: false },
      ...{ banReason: null, createdAt: expect.any(String), lastActive: expect.any(String) },
    });
    const [banned] = (await users(`search=${rude.username}&status=banned`)).users;
    expect(banned).toMatchObject({ id: rude.id, isBanned: true, banReason: "Spam", lastActive: null });
    await admin.post(`/admin/users/${rude.id}/unban`);
    expect((await users(`search=${rude.username}`)).users[0]).toMatchObject({ isBanned: false, banReason: null });
  });

  test("are filtered by their state", async () => {
    const [stays, banned, leaver] = await people("state", "state", "state");
    await admin.post(`/admin/users/${banned.id}/ban`);
    await leaver.delete("/users/me", { password: leaver.password });
    const among = async (status: string) => {
      const { users: rows } = await users(`status=${status}&limit=3`);
      return idsOf(rows).filter((id) => [stays.id, banned.id, leaver.id].includes(id));
    };
    expect(await among("active")).toEqual([stays.id]);
    expect(await among("banned")).toEqual([banned.id]);
    expect(await among("all")).toEqual([banned.id, stays.id]);
    expect(await among("any")).toEqual([leaver.id, banned.id, stays.id]);
  });

  test("are found by parts of their names without regard to accents, and by the whole of an e-mail address", async () => {
    const [tran] = await people("tran.v");
    await tran.put("/users/me", { fullName: "Trần Nguyễn" });
    const found = async (text: string) => idsOf((await users(`search=${encodeURIComponent(text)}`)).users);
    for (const text of ["nguyen", "NGUYỄN", "ần ng", tran.username.toUpperCase(), "tr", tran.email.toUpperCase()]) {
      expect([text, await found(text)]).toEqual([text, [tran.id]]);
    }
    for (const text of ["%", "_", "%%%", "___", "\\", tran.email.slice(0, -1), tran.email.slice(1)]) {
      expect([text, await found(text)]).toEqual([text, []]);
    }
    expect((await users("search=")).pagination.total).toBe((await users()).pagination.total);
    expect(await found(`${tran.email}${" ".repeat(3)}`)).toEqual([tran.id]);
    expect(await found("x".repeat(100))).toEqual([]);
    expect((await codeOf(`/admin/users?search=${"x".repeat(101)}`))[1]).toBe(422);
  });

  test("are sorted by name and, as of a moment, by followers", async () => {
    const [cleo, amir, bela] = await people("sorted.c", "sorted.a", "sorted.b");
    const byName = await users("search=sorted.&sort_by=username&order=asc");
    expect(idsOf(byName.users)).toEqual([amir.id, bela.id, cleo.id]);
    expect(byName.sortedAsOf).toBeUndefined();
    for (const fan of [amir, cleo]) await fan.post(`/users/${bela.id}/follow`);
    await bela.post(`/users/${cleo.id}/follow`);
    const outdated = Date.now() - 60_000;
    await server.app.sql`update periodic_jobs set position = ${outdated} where name = 'refresh listings'`;
    const byFollowers = await users("search=sorted.&sort_by=follower_count");
    expect(idsOf(byFollowers.users)).toEqual([bela.id, cleo.id, amir.id]);
    expect(Date.parse(byFollowers.sortedAsOf!)).toBeGreaterThan(outdated);
    expect(idsOf((await users("search=sorted.&sort_by=follower_count&order=asc")).users)).toEqual([
      ...[amir.id, cleo.id, bela.id],
    ]);
  });

  test("that no counter counts are counted up to a thousand", async () => {
    await server.app.sql`
      insert into accounts (username, created_at)
      select 'thousand' || n, now() - interval '2 days' from generate_series(1, 1001) n`;
    const all = await users("search=thousand");
    expect(all.pagination).toEqual({ page: 1, limit: 20, total: 1000, pages: 50, totalIsAtLeast: true });
    expect((await users("search=thousand&page=21&limit=50")).users).toHaveLength(1);
    expect((await users("search=thousand1")).pagination).toEqual({ page: 1, limit: 20, total: 113, pages: 6 });
    expect((await users()).pagination.total).toBeGreaterThan(1001);
  });
});

describe("videos", () => {
  test("have what staff needs of each, with the visibility that is stored when they are deleted", async () => {
    const [standing, hidden, gone] = [await addVideo(server, ann), await addVideo(server, ann, "private"), 0];
    const deleted = await addVideo(server, ann, "private");
    await moderator.delete(`/admin/videos/${deleted}`);
    const among = async (visibility: string) => {
      const { videos: rows } = await videos(`visibility=${visibility}&limit=3`);
      return idsOf(rows).filter((id) => [standing, hidden, deleted, gone].includes(id));
    };
    expect(await among("public")).toEqual([standing]);
    expect(await among("private")).toEqual([hidden]);
    expect(await among("deleted")).toEqual([deleted]);
    expect(await among("all")).toEqual([hidden, standing]);
    expect(await among("any")).toEqual([deleted, hidden, standing]);
    expect((await videos("visibility=deleted&limit=1")).videos[0]).toEqual({
      ...{ id: deleted, title: "a title", description: null, videoUrl: "https://example.com/v.mp4" },
      ...{ thumbUrl: "https://example.com/t.jpg", visibility: "private", ownerId: ann.id, ownerUsername: ann.username },
      ...{ ownerAvatar: null, views: 0, likes: 0, comments: 0, shares: 0, createdAt: expect.any(String) },
      ...{ duration: null, deletedAt: expect.any(String) },
    });
  });

  test("are found by title and description, deleted ones as well", async () => {
    const make = async (title: string, description?: string) =>
      (await ann.post("/videos/", { title, description, url: "https://example.com/v.mp4" })).body.id;
    const [one, two] = [await make("Hồ Gươm"), await make("evening", "by the HO GUOM lake")];
    await moderator.delete(`/admin/videos/${two}`);
    const found = async (text: string, visibility: string) =>
      idsOf((await videos(`search=${encodeURIComponent(text)}&visibility=${visibility}`)).videos);
    expect(await found("guom", "all")).toEqual([one]);
    expect(await found("guom", "deleted")).toEqual([two]);
    expect(await found("gươm", "any")).toEqual([two, one]);
    expect(await found("hồ", "any")).toEqual([one]);
    for (const text of ["%", "_", "%%%"]) expect([text, await found(text, "any")]).toEqual([text, []]);
  });

  test("are sorted by what is counted, as of a moment", async () => {
    const [most, least] = [await addVideo(server, bob), await addVideo(server, bob)];
    await ann.post(`/videos/${most}/like`);
    await ann.post("/comments/", { videoId: most, content: "hi" });
    await ann.post(`/videos/${most}/view`);
    await server.app.sql`update periodic_jobs set position = 0 where name = 'refresh listings'`;
    for (const key of ["likes", "comments", "views"]) {
      const { videos: rows, sortedAsOf } = await videos(`sort_by=${key}&visibility=public`);
      expect([key, rows[0]!.id, typeof sortedAsOf]).toEqual([key, most, "string"]);
      const ascending = idsOf((await videos(`sort_by=${key}&visibility=public&order=asc&limit=100`)).videos);
      expect(ascending.indexOf(least)).toBeLessThan(ascending.indexOf(most));
    }
  });
});

describe("reports", () => {
  const report = async (by: Person, targetType: string, targetId: number) =>
    (await by.post("/reports/", { targetType, targetId, reason: "spam", description: "see" })).body.id as number;

  test("say what they are about, as it was", async () => {
    const videoId = await addVideo(server, ann);
    const content = "é".repeat(60);
    const { body: comment } = await ann.post("/comments/", { videoId, content });
    const { body: message } = await ann.post("/messages/", { receiverId: bob.id, content });
    const targets = [
      ["video", videoId],
      ["user", ann.id],
      ["comment", comment.id],
      ["message", message.id],
    ] as const;
    const ids = [];
    for (const [type, id] of targets) ids.push(await report(bob, type, id));
    await ann.delete(`/videos/${videoId}`);
    const { reports: rows } = await reports("limit=4&order=desc");
    expect(idsOf(rows)).toEqual(ids.toReversed());
    const said = { content: "é".repeat(50), authorUsername: ann.username };
    expect(rows.map(({ targetInfo }) => targetInfo)).toEqual([
      ...[said, said, { username: ann.username }, { title: "a title", ownerUsername: ann.username }],
    ]);
    expect(rows[3]).toMatchObject({ reporterId: bob.id, reporterUsername: bob.username, details: "see", result: null });
    expect(idsOf((await reports("target_type=comment&limit=1")).reports)).toEqual([ids[2]!]);
  });

  test("are filtered by state, and do not say who reported the reader", async () => {
    const [decided, own] = [
      await report(bob, "video", await addVideo(server, ann)),
      await report(bob, "user", moderator.id),
    ];
    await moderator.post(`/admin/reports/${decided}/reject`, { reason: "fine" });
    const first = async (status: string) => (await reports(`status=${status}&limit=1`)).reports[0];
    expect(await first("rejected")).toMatchObject({ id: decided, result: "fine", resolvedBy: moderator.id });
    expect(await first("pending")).toMatchObject({
      id: own,
      reporterId: null,
      reporterUsername: null,
      claimedBy: null,
    });
    expect((await reports("decided=today&status=pending")).reports).toEqual([]);
    const { body } = await admin.get("/admin/reports?status=pending&limit=1");
    expect(body.reports[0]).toMatchObject({ id: own, reporterId: bob.id });
  });
});

test("the audit log is filtered by actor, action, target and time", async () => {
  const [cid] = await people("cid");
  const from = new Date().toISOString();
  await admin.post(`/admin/users/${cid.id}/ban`, { reason: "Spam" });
  await moderator.post(`/admin/users/${cid.id}/unban`);
  const actions = async (query: string) => (await auditLog(query)).entries.map(({ action }) => action);
  const both = ["user_unban", "user_ban"];
  expect(await actions(`target_type=user&target_id=${cid.id}`)).toEqual(both);
  expect(await actions(`target_id=${cid.id}&from=${from}`)).toEqual(both);
  expect(await actions(`target_id=${cid.id}&to=${from}`)).toEqual([]);
  expect(await actions(`target_id=${cid.id}&actor=${admin.id}`)).toEqual(["user_ban"]);
  expect((await actions("action=user_unban"))[0]).toBe("user_unban");
  expect(new Set(await actions("action=user_unban"))).toEqual(new Set(["user_unban"]));
  expect((await auditLog(`actor=${moderator.id}&limit=1`)).entries[0]).toEqual({
    ...{ id: expect.any(Number), actorId: moderator.id, actorUsername: moderator.username, action: "user_unban" },
    ...{ targetType: "user", targetId: cid.id, details: expect.any(Object), createdAt: expect.any(String) },
    ...{ undoneAt: null, isUndoable: true },
  });
  expect((await auditLog(`target_type=user&target_id=${cid.id}`)).pagination.total).toBe(2);
});
