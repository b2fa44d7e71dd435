import { beforeEach, describe, expect, test } from "bun:test";
import { addVideo, call, formOf, type Parts, type Person, promote, sendForm, serverForFile } from "@reelay/testkit";

/* What deployed clients write under other names, and what they find in lists of staff and in bulk actions. */

const { server, people } = serverForFile();
let admin: Person;
let moderator: Person;
let ann: Person;
let bob: Person;

beforeEach(async () => {
  [admin, moderator, ann, bob] = await people("admin", "moderator", "ann", "bob");
  await promote(server, admin, "admin");
  await promote(server, moderator, "moderator");
});

const idsOf = (rows: { id: number }[]) => rows.map(({ id }) => id);
const codeOf = ({ status, body }: { status: number; body: any }) => [status, body.error?.code];

describe("privacy", () => {
  /** Where the names differ, private wins. */
  const NAMED: [fields: Record<string, unknown>, visibility: string][] = [
    [{}, "public"],
    [{ privacy: "private" }, "private"],
    [{ privacy: "hidden" }, "private"],
    [{ privacy: "public" }, "public"],
    [{ privacy: null, is_private: null }, "public"],
    [{ is_private: true }, "private"],
    [{ isPrivate: false }, "public"],
    [{ visibility: "public", privacy: "private" }, "private"],
    [{ visibility: "private", privacy: "public" }, "private"],
    [{ visibility: "public", is_private: true }, "private"],
    [{ visibility: "hidden", is_private: false }, "private"],
    [{ visibility: "public", privacy: "public", is_private: false }, "public"],
  ];

  test("of a new video, as JSON and as a form", async () => {
    for (const [fields, visibility] of NAMED) {
      const draft = { title: "x", url: "https://example.com/v.mp4" };
      const made = await ann.post("/videos/", { ...draft, ...fields });
      const named = { visibility, privacy: visibility, is_private: visibility === "private" };
      expect([fields, made.status, made.body]).toEqual([fields, 201, expect.objectContaining(named)]);
      const parts = Object.entries({ ...draft, ...fields }).map(([key, value]) => [key, String(value ?? "")]);
      const uploaded = await sendForm(ann, parts as Parts);
      expect([fields, uploaded.status, uploaded.body.visibility]).toEqual([fields, 201, visibility]);
    }
  });

  test("of a video that is changed: what is not named stays, and a private one stays private when saved as it is", async () => {
    const path = `/videos/${await addVideo(server, ann, "private")}`;
    const { body: shown } = await ann.get(path);
    const { title, description, privacy, is_private } = shown;
    for (const saved of [
      { title, description, privacy, is_private },
      { title },
      shown,
      { privacy, visibility: "public" },
    ]) {
      expect((await ann.put(path, saved)).body.visibility).toBe("private");
      expect(codeOf(await bob.get(path))).toEqual([404, "VIDEO_NOT_FOUND"]);
    }
    expect((await ann.put(path, { privacy: "public" })).body.visibility).toBe("public");
    expect((await ann.put(path, { is_private: true })).body.visibility).toBe("private");
    expect((await ann.put(path, { is_private: false })).body.visibility).toBe("public");
    for (const wrong of [{ privacy: "friends" }, { is_private: "perhaps" }, { privacy: 1 }]) {
      expect(codeOf(await ann.put(path, wrong))).toEqual([422, "VALIDATION_ERROR"]);
    }
    expect(
      (
        await sendForm(ann, [
          ["title", "x"],
          ["url", "https://example.com/v"],
          ["is_private", "perhaps"],
        ])
      ).body.detail,
    ).toBe("isPrivate: must be true or false");
  });
});

test("of both spellings of a key the camelCase one counts, in either order", async () => {
  for (const body of [
    { receiver_id: ann.id, receiverId: bob.id, content: "hi" },
    { receiverId: bob.id, receiver_id: ann.id, content: "hi" },
  ]) {
    expect((await admin.post("/messages/", body)).body.receiverId).toBe(bob.id);
  }
  expect((await ann.get("/messages/inbox")).body).toEqual([]);
});

describe("the lists of staff", () => {
  test("of users: e-mail, role, status and isBanned, the banned among them; for nobody else", async () => {
    await admin.post(`/admin/users/${bob.id}/ban`, { reason: "spam" });
    for (const staff of [admin, moderator]) {
      const { body } = await staff.get("/users/?limit=4");
      expect(idsOf(body)).toEqual([bob.id, ann.id, moderator.id, admin.id]);
      expect(body[0]).toMatchObject({ email: bob.email, role: "user", status: "banned", isBanned: true });
      expect(body[2]).toMatchObject({ email: moderator.email, role: "moderator", status: "active", isBanned: false });
    }
    const { body } = await ann.get("/users/?limit=3");
    expect(idsOf(body)).toEqual([ann.id, moderator.id, admin.id]);
    expect(JSON.stringify(body)).not.toMatch(/@example\.com|"role"|"status"|"isBanned"/);
    await server.app.sql`update accounts set role = 'user' where id = ${moderator.id}`;
    server.app.standings.forget(moderator.id);
    expect(JSON.stringify((await moderator.get("/users/")).body)).not.toContain("@example.com");
  });

  test("of videos: private ones, and with status=all deleted ones and those of banned accounts; for nobody else", async () => {
    const hidden = await addVideo(server, ann, "private");
    const gone = await addVideo(server, ann);
    await moderator.delete(`/admin/videos/${gone}`);
    const banned = await addVideo(server, bob);
    await admin.post(`/admin/users/${bob.id}/ban`);
    const list = async (person: Person | null, query = "") =>
      (await call(server.url, "GET", `/videos/?limit=3${query}`, person ? { token: person.token } : {})).body;
    expect(idsOf(await list(moderator)).slice(0, 1)).toEqual([hidden]);
    const all = await list(moderator, "&status=all");
    expect(idsOf(all)).toEqual([banned, gone, hidden]);
    expect(all[1]).toMatchObject({ deletedAt: expect.any(String), ownerId: ann.id });
    expect(all[2]).toMatchObject({ deletedAt: null, is_private: true });
    for (const person of [ann, null]) {
      const seen = await list(person, "&status=all");
      expect(idsOf(seen).filter((id) => [hidden, gone, banned].includes(id))).toEqual([]);
      expect(JSON.stringify(seen)).not.toContain("deletedAt");
    }
  });
});

describe("bulk actions", () => {
  const act = (by: Person, target: string, body: object) => by.post(`/admin/${target}/bulk-action`, body);
  const auditOf = async (id: number) =>
    (await server.app.sql`select action from audit_log where target_id = ${id} order by id`).map(
      ({ action }: any) => action,
    );

  test("ban and unban many, each by itself: doubled ids once, what is refused beside what is done", async () => {
    const socket = await ann.connect();
    const ids = [ann.id, 999_999_999, admin.id, ann.id, moderator.id, bob.id];
    const { status, body } = await act(moderator, "users", { user_ids: ids, action: "ban", reason: "Spam" });
    expect([status, body]).toEqual([
      200,
      {
        ...{ success: true, changed: true, message: "ban: 2 of 5 changed." },
        results: [
          { id: ann.id, ok: true },
          { id: 999_999_999, ok: false, code: "USER_NOT_FOUND" },
          { id: admin.id, ok: false, code: "FORBIDDEN" },
          { id: moderator.id, ok: false, code: "SELF_BAN" },
          { id: bob.id, ok: true },
        ],
      },
    ]);
    expect((await socket.next("admin:user_banned")).data).toMatchObject({ userId: ann.id, reason: "Spam" });
    expect((await socket.closed).code).toBe(4003);
    expect(codeOf(await bob.get("/users/me"))).toEqual([403, "ACCOUNT_BANNED"]);
    expect((await admin.get("/users/me")).status).toBe(200);
    const again = await act(moderator, "users", { ids: [bob.id], action: "ban" });
    expect(again.body).toMatchObject({ changed: false, results: [{ id: bob.id, ok: true }] });
    const lifted = await act(admin, "users", { ids: [ann.id], userIds: [bob.id, ann.id], action: "unban" });
    expect(lifted.body).toMatchObject({ changed: true, results: [{ id: ann.id }, { id: bob.id }] });
    expect(await auditOf(bob.id)).toEqual(["user_ban", "user_unban"]);
    expect((await admin.get(`/users/${bob.id}`)).status).toBe(200);
  });

  test("delete and restore videos; an owner's own deletion is not restored", async () => {
    const [one, two] = [await addVideo(server, ann), await addVideo(server, bob)];
    const own = await addVideo(server, ann);
    await ann.delete(`/videos/${own}`);
    const gone = await act(moderator, "videos", {
      video_ids: [one, two, 999_999_999],
      action: "delete",
      reason: "Copyright",
    });
    expect(gone.body.results).toEqual([
      { id: one, ok: true },
      { id: two, ok: true },
      { id: 999_999_999, ok: false, code: "VIDEO_NOT_FOUND" },
    ]);
    expect((await ann.get("/notifications/?type=admin_delete")).body).toMatchObject([{ refId: one }]);
    const back = await act(moderator, "videos", { ids: [one, own], action: "restore" });
    expect(back.body).toMatchObject({ changed: true, message: "restore: 1 of 2 changed." });
    expect((await bob.get(`/videos/${one}`)).status).toBe(200);
    for (const id of [two, own]) expect(codeOf(await ann.get(`/videos/${id}`))).toEqual([404, "VIDEO_NOT_FOUND"]);
  });

  test("delete and restore comments, and for admins delete accounts", async () => {
    const videoId = await addVideo(server, ann);
    const { body: comment } = await bob.post("/comments/", { videoId, content: "bad words" });
    const listed = async () => idsOf((await ann.get(`/comments/video/${videoId}`)).body);
    const gone = await act(moderator, "comments", { comment_ids: [comment.id, 999_999_999], action: "delete" });
    expect(gone.body.results).toEqual([
      { id: comment.id, ok: true },
      { id: 999_999_999, ok: false, code: "COMMENT_NOT_FOUND" },
    ]);
    expect(await listed()).toEqual([]);
    expect((await act(moderator, "comments", { ids: [comment.id], action: "restore" })).body.changed).toBe(true);
    expect(await listed()).toEqual([comment.id]);

    const everybody = { user_ids: [bob.id, admin.id, bob.id], action: "delete", reason: "Spam" };
    expect(codeOf(await act(moderator, "users", everybody))).toEqual([403, "FORBIDDEN"]);
    expect((await act(admin, "users", everybody)).body).toMatchObject({
      message: "delete: 1 of 2 changed.",
      results: [
        { id: bob.id, ok: true },
        { id: admin.id, ok: false, code: "SELF_DELETE" },
      ],
    });
    expect((await bob.get("/users/me")).status).toBe(401);
    expect(await auditOf(bob.id)).toEqual(["user_delete"]);
  });

  test("what there is not is refused whole: actions, ids, callers", async () => {
    const refusals: [target: string, body: object, detail: string][] = [
      ["users", { ids: [ann.id], action: "restore" }, "action: must be one of ban, unban, delete"],
      ["users", { ids: [ann.id], action: "constructor" }, "action: must be one of ban, unban, delete"],
      ["videos", { ids: [1], action: "ban" }, "action: must be one of delete, restore"],
      ["comments", { comment_ids: [1], action: "ban" }, "action: must be one of delete, restore"],
      ["users", { ids: [ann.id] }, "action: is required"],
      ["users", { action: "ban" }, "ids: is required"],
      ["users", { ids: [], action: "ban" }, "ids: at least 1 item"],
      ["users", { video_ids: [ann.id], action: "ban" }, "ids: is required"],
      ["users", { ids: [ann.id, -1], action: "ban" }, "ids.1: more than 0"],
      ["users", { ids: Array.from({ length: 101 }, (_, n) => n + 1), action: "ban" }, "ids: at most 100 items"],
      ["users", { ids: ["1 or 1"], action: "ban" }, "ids.0: must be a number"],
    ];
    for (const [target, body, detail] of refusals) {
      const answer = await act(admin, target, body);
      expect([body, answer.status, answer.body.detail]).toEqual([body, 422, detail]);
    }
    for (const target of ["users", "videos", "comments"]) {
      expect(codeOf(await act(ann, target, { action: 5 }))).toEqual([403, "FORBIDDEN"]);
      expect((await call(server.url, "POST", `/admin/${target}/bulk-action`, { body: {} })).status).toBe(401);
    }
    expect(await auditOf(ann.id)).toEqual([]);
  });

  test("each of many costs as much as one by one", async () => {
    const before = await server.app.limits.adminWrites.check(admin.id);
    expect(before).toBe(0);
    for (let spent = 0; spent < 998; spent++) await server.app.limits.adminWrites.spend(admin.id);
    const { body } = await act(admin, "users", { ids: [ann.id, bob.id, moderator.id], action: "ban" });
    expect(body.results.map(({ code }: any) => code)).toEqual([undefined, undefined, "RATE_LIMIT"]);
    expect(codeOf(await act(admin, "users", { ids: [ann.id], action: "unban" }))).toEqual([429, "RATE_LIMIT"]);
  });
});

test("a password is changed at the address that deployed clients know", async () => {
  const { body: account } = await call(server.url, "POST", "/auth/register", {
    body: { email: "pw@example.com", username: "pw.user", password: "correct horse" },
  });
  const login = async (password: string) => {
    const form = new URLSearchParams({ username: account.email, password });
    const answer = await fetch(`${server.url}/api/v1/auth/login`, { method: "POST", body: form });
    return { status: answer.status, token: ((await answer.json()) as any).access_token };
  };
  const { token } = await login("correct horse");
  const change = (current_password: string, new_password: string) =>
    call(server.url, "POST", "/auth/change-password", { token, body: { current_password, new_password } });
  expect(codeOf(await change("wrong horse", "battery staple"))).toEqual([401, "INVALID_CREDENTIALS"]);
  expect((await change("correct horse", "short")).body.detail).toBe("newPassword: at least 8 characters");
  expect((await change("correct horse", "battery staple")).body).toEqual({ success: true, changed: true });
  expect([(await login("correct horse")).status, (await login("battery staple")).status]).toEqual([401, 200]);
});

test("a picture that is missing is named like any field", async () => {
  const headers = { authorization: `Bearer ${ann.token}` };
  const body = formOf([["picture", "x"]]);
  const answer = await fetch(`${server.url}/api/v1/users/me/avatar`, { method: "POST", headers, body });
  expect([answer.status, ((await answer.json()) as any).detail]).toEqual([422, "file: is required, as a file"]);
});
