import { beforeEach, expect, test } from "bun:test";
import { DecideResponse, NextResponse, QueueResponse, SubjectDetails, type SubjectName } from "@reelay/contract";
import { addVideo, type Person, promote, serverForFile, settleJobs, waitFor } from "@reelay/testkit";
import { reconcile } from "../../src/features/reconcile/reconcile.ts";

const { server, people } = serverForFile();
let moderator: Person;
let other: Person;
let owner: Person;
let reporters: Person[];

beforeEach(async () => {
  [moderator, other, owner, ...reporters] = await people("moderator", "other", "owner", "r1", "r2", "r3");
  await promote(server, moderator, "moderator");
  await promote(server, other, "moderator");
  await server.app.sql`update reports set status = 'rejected', resolved_at = now() where status = 'pending'`;
});

async function report(by: Person, target: SubjectName, category?: string): Promise<number> {
  const { status, body } = await by.post("/reports/", { ...target, reason: "look at that", category });
  expect(status).toBe(201);
  return body.id;
}

async function video(): Promise<SubjectName> {
  return { targetType: "video", targetId: await addVideo(server, owner) };
}

async function queue(query = "", by = moderator): Promise<QueueResponse> {
  const { status, body } = await by.get(`/admin/queue${query}`);
  expect(status).toBe(200);
  return QueueResponse.parse(body);
}

async function next(by: Person, body: object = {}) {
  const answer = await by.post("/admin/queue/next", body);
  expect(answer.status).toBe(200);
  return NextResponse.parse(answer.body).next;
}

async function decide(by: Person, body: object) {
  const answer = await by.post("/admin/queue/decide", body);
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
  await settleJobs(server);
  return DecideResponse.parse(answer.body);
}

const nameOf = ({ targetType, targetId }: SubjectName) => ({ targetType, targetId });

test("a subject is a target, however many people reported it, and counts them by category", async () => {
  const target = await video();
  await report(reporters[0]!, target, "spam");
  await report(reporters[1]!, target, "hate");
  await report(reporters[2]!, target);
  const { subjects, counts, pagination } = await queue();
  expect(pagination).toEqual({ page: 1, limit: 20, total: 1, pages: 1 });
  expect(counts).toEqual({ pending: 1, mine: 0, unclaimed: 1, overdue: 0, muted: 0 });
  expect(subjects).toMatchObject([
    {
      ...{ ...target, reports: 3, category: "hate", categories: { spam: 1, hate: 1, other: 1 } },
      // A half, as nothing is known of the reporters, of 1000, 3000 and 1000.
      ...{ score: 2500, claimedBy: null, claimedUntil: null, isHidden: false },
      ...{ targetInfo: { title: "a title", ownerUsername: owner.username }, author: { id: owner.id } },
      record: { strikes30: 0, strikes90: 0, precision: 0.5, muted: false },
    },
  ]);
});

test("what harms minors or oneself comes first, then what weighs more, then what waits longer", async () => {
  const [light, heavy, urgent, old] = [await video(), await video(), await video(), await video()];
  await report(reporters[0]!, light, "spam");
  await report(reporters[0]!, heavy, "violence");
  await report(reporters[0]!, urgent, "self_harm");
  await report(reporters[0]!, old, "spam");
  await server.app.sql`
    update reports set created_at = created_at - interval '2 days' where target_id = ${old.targetId}`;
  await server.app.sql`
    update moderation_queue set oldest_at = oldest_at - interval '2 days' where target_id = ${old.targetId}`;
  const listed = async (query = "") => (await queue(query)).subjects.map(nameOf);
  expect(await listed()).toEqual([urgent, old, heavy, light]);
  expect(await listed("?order=asc")).toEqual([light, heavy, old, urgent]);
  expect(await listed("?sort_by=oldest&limit=1")).toEqual([old]);
  expect(await listed("?sort_by=newest&limit=1")).toEqual([old]);
  expect(await listed("?category=violence")).toEqual([heavy]);
  expect(await listed("?target_type=comment")).toEqual([]);
  expect((await queue()).counts).toMatchObject({ pending: 4, overdue: 1 });
});

test("two moderators who press next at once get two subjects, and a third one nothing", async () => {
  const targets = [await video(), await video()];
  for (const target of targets) await report(reporters[0]!, target);
  const got = await Promise.all([next(moderator), next(other)]);
  const byId = (a: SubjectName, b: SubjectName) => a.targetId - b.targetId;
  expect(got.map((subject) => nameOf(subject!)).sort(byId)).toEqual(targets);
  expect(await next(moderator)).toBeNull();
  expect((await queue("?claimed=me")).subjects.map(nameOf)).toEqual([nameOf(got[0]!)]);
  expect((await queue("?claimed=nobody")).subjects).toEqual([]);
  expect((await queue()).counts).toMatchObject({ mine: 1, unclaimed: 0 });
});

test("nobody gets what is about them, what they reported, or what they skip", async () => {
  const target = await video();
  await report(reporters[0]!, { targetType: "user", targetId: moderator.id });
  expect(await next(moderator)).toBeNull();
  await report(moderator, target);
  expect(await next(moderator)).toBeNull();
  expect(await next(other, { skip: [target, { targetType: "user", targetId: moderator.id }] })).toBeNull();
  expect(nameOf((await next(other, { filters: { targetType: "video" } }))!)).toEqual(target);
});

test("a claim is its holder's until it ends; an admin may take it over", async () => {
  const target = await video();
  await report(reporters[0]!, target);
  const claim = await moderator.post("/admin/queue/claim", target);
  expect(claim.body).toMatchObject({ claimedBy: { id: moderator.id, username: moderator.username } });
  const refused = await other.post("/admin/queue/claim", target);
  expect([refused.status, refused.body.error.code]).toEqual([409, "CLAIMED"]);
  expect(refused.body.error.details).toEqual(claim.body);
  expect((await other.post("/admin/queue/release", target)).status).toBe(409);
  expect((await other.post("/admin/queue/decide", { ...target, verdict: "rejected" })).body.error.code).toBe("CLAIMED");
  await promote(server, other, "admin");
  expect((await other.post("/admin/queue/claim", target)).body.claimedBy.id).toBe(other.id);
  expect((await moderator.post("/admin/queue/claim", target)).status).toBe(409);
  await server.app.sql`update moderation_queue set claimed_until = now()`;
  expect((await moderator.post("/admin/queue/claim", target)).status).toBe(200);
  expect((await moderator.post("/admin/queue/release", target)).body).toEqual({ claimedBy: null, claimedUntil: null });
  const unknown = await moderator.post("/admin/queue/claim", { targetType: "user", targetId: 999_999 });
  expect([unknown.status, unknown.body.error.code]).toEqual([404, "SUBJECT_NOT_FOUND"]);
});

test("a claim that ran out while its holder was typing does not keep them from deciding", async () => {
  const target = await video();
  await report(reporters[0]!, target);
  await next(moderator);
  await server.app.sql`update moderation_queue set claimed_until = now() - interval '1 minute'`;
  expect((await decide(moderator, { ...target, verdict: "rejected" })).decision.verdict).toBe("rejected");
});

test("a decision closes every report, tells each reporter and the person, and is one row of the audit log", async () => {
  const target = await video();
  const ids = [await report(reporters[0]!, target), await report(reporters[1]!, target)];
  const [owners, first] = [await owner.connect(), await reporters[0]!.connect()];
  const { decision, changed, next } = await decide(moderator, {
    ...{ ...target, verdict: "upheld", action: "delete", reason: "Copyright", result: "Thank you." },
    next: true,
  });
  expect(decision).toMatchObject({ ...target, verdict: "upheld", action: "delete", reason: "Copyright" });
  expect(decision.decidedBy).toEqual({ id: moderator.id, username: moderator.username });
  expect([changed, next]).toEqual([true, null]);
  expect((await owners.next("admin:video_deleted")).data).toMatchObject({
    videoId: target.targetId,
    reason: "Copyright",
  });
  expect((await owners.next("notification:new")).data).toMatchObject({
    ...{ type: "admin_delete", refId: target.targetId, reason: "Copyright", decisionId: decision.id },
  });
  expect((await first.next("admin:report_resolved")).data).toMatchObject({
    reportId: ids[0],
    status: "resolved",
    result: "Thank you.",
  });
  const mine = await reporters[1]!.get("/reports/my");
  expect(mine.body).toMatchObject([{ id: ids[1], status: "resolved", result: "Thank you." }]);
  const audited = await server.app.sql`
    select action, details->>'decisionId' as decision from audit_log
    where actor_id = ${moderator.id} order by id`;
  expect([...audited]).toEqual([{ action: "decide", decision: String(decision.id) }]);
  expect((await queue()).counts.pending).toBe(0);
  expect((await moderator.get(`/users/${owner.id}`)).status).toBe(200);
  expect(await drift()).toEqual([]);
});

test("whoever decides second learns what stands", async () => {
  const target = await video();
  await report(reporters[0]!, target);
  const answers = await Promise.all(
    [moderator, other].map((by) => by.post("/admin/queue/decide", { ...target, verdict: "rejected" })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const [won, lost] = answers.toSorted((a, b) => a.status - b.status);
  expect(lost!.body.error).toMatchObject({ code: "REPORT_ALREADY_DECIDED", details: { decision: won!.body.decision } });
  const unknown = await moderator.post("/admin/queue/decide", {
    targetType: "video",
    targetId: 999_999,
    verdict: "rejected",
  });
  expect([unknown.status, unknown.body.error.code]).toEqual([404, "SUBJECT_NOT_FOUND"]);
});

test("what is done must fit the target and the verdict", async () => {
  const target = await video();
  await report(reporters[0]!, target);
  await report(reporters[0]!, { targetType: "user", targetId: owner.id });
  for (const [asked, status, code] of [
    [{ ...target, verdict: "rejected", action: "warn" }, 422, "ACTION_NOT_ALLOWED"],
    [{ targetType: "user", targetId: owner.id, verdict: "upheld", action: "hide" }, 422, "ACTION_NOT_ALLOWED"],
    [{ targetType: "message", targetId: 1, verdict: "upheld", action: "hide" }, 422, "ACTION_NOT_ALLOWED"],
    [{ ...target, verdict: "upheld", action: "ban", until: "2001-01-01T00:00:00Z" }, 422, "VALIDATION_ERROR"],
    [{ ...target, verdict: "maybe" }, 422, "VALIDATION_ERROR"],
  ] as const) {
    const answer = await moderator.post("/admin/queue/decide", asked);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  }
  expect((await queue()).counts.pending).toBe(2);
});

test("staff cannot act upon staff of their rank, and nobody decides about themselves", async () => {
  await report(reporters[0]!, { targetType: "user", targetId: other.id });
  await report(reporters[0]!, { targetType: "user", targetId: moderator.id });
  const warn = { verdict: "upheld", action: "warn", targetType: "user" };
  const onOther = await moderator.post("/admin/queue/decide", { ...warn, targetId: other.id });
  expect([onOther.status, onOther.body.error.code]).toEqual([403, "FORBIDDEN"]);
  const onSelf = await moderator.post("/admin/queue/decide", { ...warn, targetId: moderator.id });
  expect([onSelf.status, onSelf.body.error.code]).toEqual([403, "OWN_CASE"]);
  expect((await decide(moderator, { targetType: "user", targetId: other.id, verdict: "rejected" })).changed).toBe(
    false,
  );
});

test("a warning reaches the person, and is a strike", async () => {
  await report(reporters[0]!, { targetType: "user", targetId: owner.id });
  const socket = await owner.connect();
  const asked = { targetType: "user", targetId: owner.id, verdict: "upheld", action: "warn", reason: "Be kind." };
  const { decision } = await decide(moderator, asked);
  const { data } = await socket.next("notification:new");
  expect(data).toMatchObject({ type: "admin_warning", refId: owner.id, reason: "Be kind.", decisionId: decision.id });
  expect(data.target).toMatchObject({ type: "user", id: owner.id });
  await report(reporters[1]!, { targetType: "user", targetId: owner.id });
  expect((await queue()).subjects[0]!.record).toMatchObject({ strikes30: 1, strikes90: 1 });
});

test("banning the owner of a video settles what was reported of them, too", async () => {
  const target = await video();
  await report(reporters[0]!, target);
  const aboutOwner = await report(reporters[1]!, { targetType: "user", targetId: owner.id });
  const socket = await owner.connect();
  const { changed } = await decide(moderator, { ...target, verdict: "upheld", action: "ban", reason: "Spam" });
  expect(changed).toBe(true);
  expect((await socket.next("admin:user_banned")).data).toMatchObject({ userId: owner.id, reason: "Spam" });
  expect((await reporters[1]!.get("/reports/my")).body).toMatchObject([{ id: aboutOwner, status: "resolved" }]);
  expect((await queue()).counts.pending).toBe(0);
  expect(await drift()).toEqual([]);
});

test("a message is deleted for both sides by moderation", async () => {
  const { body: message } = await owner.post("/messages/", { receiverId: reporters[0]!.id, content: "rude" });
  await report(reporters[0]!, { targetType: "message", targetId: message.id }, "harassment");
  const [owners, receivers] = [await owner.connect(), await reporters[0]!.connect()];
  await decide(moderator, { targetType: "message", targetId: message.id, verdict: "upheld", action: "delete" });
  for (const socket of [owners, receivers]) {
    expect((await socket.next("message:deleted")).data).toMatchObject({ messageId: message.id, deletedBy: 0 });
  }
  expect((await reporters[0]!.get("/messages/unread/count")).body).toBe(0);
  expect(await drift()).toEqual([]);
});

test("where the target is gone the action changes nothing, and the decision stands", async () => {
  const target = await video();
  await report(reporters[0]!, target);
  await owner.delete(`/videos/${target.targetId}`);
  const { decision, changed } = await decide(moderator, { ...target, verdict: "upheld", action: "delete" });
  expect([decision.action, changed]).toEqual(["delete", false]);
  expect((await reporters[0]!.get("/reports/my")).body).toMatchObject([{ status: "resolved" }]);
});

test("a page beyond what can be paged through is refused, one beyond the end is empty", async () => {
  await report(reporters[0]!, await video());
  expect((await moderator.get("/admin/queue?page=101&limit=100")).status).toBe(422);
  expect((await queue("?page=100&limit=100")).subjects).toEqual([]);
  for (const query of ["?page=0", "?sort_by=score", "?category=rude", "?claimed=them"]) {
    expect((await moderator.get(`/admin/queue${query}`)).status).toBe(422);
  }
});

async function drift() {
  return (await reconcile(server.app, { repair: false })).filter(({ counters }) => counters > 0);
}

test("a muted reporter's reports count for nothing, also those of before, until they are muted no more", async () => {
  const [target, shared] = [await video(), await video()];
  await report(reporters[0]!, target, "minors");
  await report(reporters[0]!, shared, "spam");
  await report(reporters[1]!, shared, "hate");
  const mute = (muted: boolean) => moderator.put(`/admin/users/${reporters[0]!.id}/reporter`, { muted });
  expect((await mute(true)).body).toMatchObject({ success: true, changed: true });
  expect((await mute(true)).body.changed).toBe(false);
  const muted = await queue();
  expect(muted.counts).toMatchObject({ pending: 1, unclaimed: 1, muted: 1 });
  expect(muted.subjects.map(nameOf)).toEqual([shared, target]);
  expect(muted.subjects[0]).toMatchObject({ reports: 2, score: 1500 });
  expect(await next(other, { skip: [shared] })).toBeNull();
  await report(reporters[0]!, await video(), "minors");
  expect((await queue()).counts).toMatchObject({ pending: 1, muted: 2 });
  expect((await mute(false)).body.changed).toBe(true);
  const again = await queue();
  expect(again.counts).toMatchObject({ pending: 3, muted: 0 });
  expect(again.subjects[0]).toMatchObject({ category: "minors", score: 2000 });
  expect(await drift()).toEqual([]);
  expect((await moderator.put(`/admin/users/${moderator.id}/reporter`, { muted: true })).status).toBe(403);
  expect((await moderator.put("/admin/users/999999999/reporter", { muted: true })).status).toBe(404);
});

test("who was right before weighs more, and who was wrong makes nothing urgent", async () => {
  for (const verdict of ["upheld", "upheld", "rejected", "rejected"] as const) {
    const target = await video();
    await report(reporters[verdict === "upheld" ? 0 : 1]!, target);
    await decide(moderator, { ...target, verdict });
  }
  const [trusted, doubted] = [await video(), await video()];
  await report(reporters[0]!, trusted, "minors");
  await report(reporters[1]!, doubted, "minors");
  const listed = (await queue()).subjects;
  // Three of four; one of four, which is just enough to be urgent.
  expect(listed.map((subject) => [nameOf(subject), subject.score])).toEqual([
    [trusted, 3000],
    [doubted, 1000],
  ]);
  await decide(moderator, { ...doubted, verdict: "rejected" });
  await report(reporters[1]!, doubted, "minors");
  await report(reporters[2]!, await video(), "spam");
  expect((await server.app.sql`select tier from moderation_queue where target_id = ${doubted.targetId}`)[0].tier).toBe(
    0,
  );
});

test("a subject's page has all that is needed to decide, and says what the caller may do", async () => {
  const [target, another] = [await video(), await video()];
  await report(reporters[0]!, target, "hate");
  await report(reporters[1]!, target);
  await report(reporters[0]!, another);
  const details = async (by = moderator, name = target) => {
    const { status, body } = await by.get(`/admin/queue/${name.targetType}/${name.targetId}`);
    return [status, status === 200 ? SubjectDetails.parse(body) : body.error.code];
  };
  const [, before] = await details();
  expect(before).toMatchObject({
    ...{ subject: { ...target, reports: 2 }, snapshot: { title: "a title" }, morePending: 1, decisions: [] },
    can: { reject: { ok: true }, hide: { ok: true }, ban: { ok: true } },
  });
  expect(before.reports.map(({ reporterUsername }: any) => reporterUsername)).toEqual([
    reporters[1]!.username,
    reporters[0]!.username,
  ]);
  const { decision } = await decide(moderator, { ...target, verdict: "rejected" });
  const [, after] = await details(other);
  expect(after).toMatchObject({ subject: null, decisions: [decision], others: [another], morePending: 1 });
  expect(await details(moderator, await video())).toEqual([404, "SUBJECT_NOT_FOUND"]);
  await report(reporters[0]!, { targetType: "user", targetId: moderator.id });
  const own = { targetType: "user" as const, targetId: moderator.id };
  expect(((await details(moderator, own))[1] as any).can.warn).toEqual({ ok: false, code: "OWN_CASE" });
  expect(((await details(other, own))[1] as any).can).toMatchObject({
    reject: { ok: true },
    warn: { ok: false, code: "FORBIDDEN" },
  });
});

test("staff see when the person's devices received the news", async () => {
  const target = { targetType: "user" as const, targetId: owner.id };
  await report(reporters[0]!, target);
  const { decision } = await decide(moderator, { ...target, verdict: "upheld", action: "warn" });
  expect(decision.receivedAt).toBeNull();
  await (await owner.connect()).next("notification:new");
  const received = async () => (await moderator.get(`/admin/queue/user/${owner.id}`)).body.decisions[0].receivedAt;
  await waitFor(async () => (await received()) ?? undefined);
  expect(Date.parse(await received())).toBeGreaterThanOrEqual(Date.parse(decision.decidedAt));
});

test("a report is resolved with an action, whoever has claimed its subject, and claimed by its id", async () => {
  const target = await video();
  const [id] = [await report(reporters[0]!, target), await report(reporters[1]!, target)];
  const claim = await other.post(`/admin/reports/${id}/claim`);
  expect([claim.status, claim.body.claimedBy.id]).toEqual([200, other.id]);
  expect((await moderator.post(`/admin/reports/${id}/claim`)).body.error.code).toBe("CLAIMED");
  const wrong = await moderator.post(`/admin/reports/${id}/resolve`, { status: "rejected", action: "delete" });
  expect([wrong.status, wrong.body.error.code]).toEqual([422, "ACTION_NOT_ALLOWED"]);
  const { status, body } = await moderator.post(`/admin/reports/${id}/resolve`, { action: "delete", result: "Gone." });
  expect([status, body]).toMatchObject([200, { success: true, changed: true }]);
  expect((await reporters[1]!.get("/reports/my")).body).toMatchObject([{ status: "resolved", result: "Gone." }]);
  expect((await owner.get(`/videos/${target.targetId}`)).status).toBe(404);
  const again = await moderator.post(`/admin/reports/${id}/resolve`, { action: "delete" });
  expect([again.status, again.body.error.code]).toEqual([409, "REPORT_ALREADY_DECIDED"]);
  expect((await moderator.post(`/admin/reports/${id}/release`)).status).toBe(404);
  expect((await moderator.post("/admin/reports/999999999/claim")).body.error.code).toBe("REPORT_NOT_FOUND");
});
