import { beforeEach, expect, test } from "bun:test";
import { Report, StaffReport, StaffReportDetails } from "@reelay/contract";
import { addVideo, call, type Person, promote, serverForFile } from "@reelay/testkit";
import { z } from "zod";

const { server, people } = serverForFile();
let moderator: Person;
let other: Person;
let owner: Person;
let reporter: Person;
let videoId: number;

beforeEach(async () => {
  [moderator, other, owner, reporter] = await people("moderator", "other", "owner", "reporter");
  await promote(server, moderator, "moderator");
  await promote(server, other, "admin");
  videoId = await addVideo(server, owner);
});

async function report(by = reporter, targetId = videoId): Promise<Report> {
  const { body } = await by.post("/reports/", { targetType: "video", targetId, reason: "spam", description: "look" });
  return Report.parse(body);
}

async function list(query: string): Promise<StaffReport[]> {
  const { status, body, headers } = await moderator.get(`/reports/${query}`);
  expect(status).toBe(200);
  expect(headers.get("x-event-cursor")).toBeString();
  return z.array(StaffReport).parse(body);
}

async function bell(person: Person) {
  const [listed, unseen] = [await person.get("/notifications"), await person.get("/notifications/unseen/count")];
  return { unseen: unseen.body, listed: listed.body.map(({ type, seen }: any) => [type, seen]) };
}

async function auditOf(reportId: number) {
  return await server.app.sql`
    select action, actor_id::float8 as actor, details from audit_log
    where target_type = 'report' and target_id = ${reportId} order by id`;
}

test("staff lists everybody's reports, the newest first, by page and by status", async () => {
  const [first, second] = [await report(), await report(other)];
  await moderator.put(`/reports/${first.id}`, { status: "rejected" });
  const third = await report(reporter, await addVideo(server, owner));
  await moderator.put(`/reports/${third.id}`, { status: "approved", decision: "removed" });
  const all = await list("?limit=3");
  expect(all.map(({ id }) => id)).toEqual([third.id, second.id, first.id]);
  expect(all[1]).toMatchObject({ ...second, reporterUsername: other.username, resolvedBy: null });
  expect(all[0]).toMatchObject({ result: "removed", status: "resolved", resolvedBy: moderator.id });
  expect(await list("?skip=1&limit=1")).toEqual([all[1]!]);
  for (const [status, expected] of [
    ["pending", second],
    ["rejected", first],
    ["resolved", third],
    ["approved", third],
  ] as const) {
    expect((await list(`?status=${status}&limit=1`))[0]!.id).toBe(expected.id);
  }
  expect((await moderator.get("/reports?status=nonsense")).status).toBe(422);
  expect((await reporter.get("/reports/my?status=rejected")).body).toEqual([expect.objectContaining({ id: first.id })]);
  expect((await reporter.get("/reports/my?status=pending")).body).toEqual([]);
});

test("one report for staff also shows what it froze", async () => {
  const { id } = await report();
  const { status, body } = await moderator.get(`/reports/${id}/`);
  expect(status).toBe(200);
  expect(StaffReportDetails.parse(body).snapshot).toMatchObject({ title: "a title", authorId: owner.id });
  expect((await moderator.get("/reports/999999999")).body.error.code).toBe("REPORT_NOT_FOUND");
});

test("others are refused before anything else is looked at", async () => {
  for (const path of ["/reports?limit=none", "/reports/nonsense", "/reports/999999999"]) {
    expect((await reporter.get(path)).body.error.code).toBe("FORBIDDEN");
    expect((await call(server.url, "GET", path)).body.error.code).toBe("UNAUTHORIZED");
  }
  for (const answer of [
    await reporter.put("/reports/nonsense", { status: "?" }),
    await reporter.post("/admin/reports/nonsense/reopen"),
  ]) {
    expect(answer.body.error.code).toBe("FORBIDDEN");
  }
});

test("approving by PUT is a verdict like any: stored as resolved, audited, told once, refused to the next", async () => {
  const { id } = await report();
  const socket = await reporter.connect();
  const { status, body } = await moderator.put(`/reports/${id}`, { status: "approved", decision: "removed" });
  expect(status).toBe(200);
  expect(StaffReportDetails.parse(body)).toMatchObject({ status: "resolved", result: "removed" });
  expect((await moderator.put(`/reports/${id}?status=resolved&decision=again`)).body).toEqual(body);
  const refused = await other.put(`/reports/${id}`, { status: "rejected" });
  expect([refused.status, refused.body.error.code]).toEqual([409, "REPORT_ALREADY_DECIDED"]);
  await socket.settled();
  expect(socket.of("admin:report_resolved").map(({ data }) => data)).toEqual([
    { reportId: id, status: "resolved", result: "removed", resolvedAt: body.resolvedAt },
  ]);
  expect(await bell(reporter)).toEqual({ unseen: 1, listed: [["admin_resolve", false]] });
  expect((await auditOf(id)).map(({ action, actor }: any) => [action, actor])).toEqual([
    ["report_resolved", moderator.id],
  ]);
});

test("a PUT without a verdict, or on what is not there, is refused", async () => {
  const { id } = await report();
  for (const body of [{}, { status: "maybe" }, { status: "approved", decision: "x".repeat(501) }]) {
    expect((await moderator.put(`/reports/${id}`, body)).status).toBe(422);
  }
  expect((await moderator.put("/reports/999999999", { status: "pending" })).status).toBe(404);
  expect((await moderator.put("/reports/999999999", { status: "rejected" })).status).toBe(404);
  expect((await reporter.get("/reports/my")).body).toEqual([expect.objectContaining({ id, status: "pending" })]);
});

test("reopened, a report is pending for its reporter as if it had never been decided, without an event", async () => {
  const before = await report();
  await moderator.post(`/admin/reports/${before.id}/resolve`, { result: "removed" });
  const socket = await reporter.connect();
  const answer = await other.post(`/admin/reports/${before.id}/reopen`);
  expect(answer.body).toEqual({ success: true, changed: true, message: expect.any(String) });
  expect((await reporter.get("/reports/my")).body).toEqual([before]);
  expect((await moderator.get(`/reports/${before.id}`)).body).toMatchObject({ ...before, resolvedBy: null });
  expect(await bell(reporter)).toEqual({ unseen: 0, listed: [] });
  await socket.settled();
  expect(socket.of("notification:unseen_count").at(-1)?.data).toEqual({ count: 0 });
  expect(socket.of("admin:report_resolved")).toHaveLength(1);
  expect((await auditOf(before.id)).at(-1)).toEqual({
    action: "report_reopen",
    actor: other.id,
    details: {
      before: { status: "resolved", result: "removed", resolvedBy: moderator.id, resolvedAt: expect.any(String) },
      after: { status: "pending" },
    },
  });
  expect((await other.post(`/admin/reports/${before.id}/reopen`)).body.changed).toBe(false);
  expect((await moderator.put(`/reports/${before.id}`, { status: "pending" })).body.status).toBe("pending");
  expect(await auditOf(before.id)).toHaveLength(2);
});

for (const [what, meanwhile] of [
  ["unseen", async () => {}],
  ["seen", async () => void (await reporter.post("/notifications/mark-all-seen"))],
  [
    "deleted",
    async () => {
      const [row] = (await reporter.get("/notifications")).body;
      await reporter.delete(`/notifications/${row.id}`);
    },
  ],
] as const) {
  test(`the verdict after a reopening is told like the first, when that one's notification was ${what}`, async () => {
    const { id } = await report();
    const socket = await reporter.connect();
    await socket.settled();
    await moderator.put(`/reports/${id}`, { status: "approved" });
    await meanwhile();
    await moderator.put(`/reports/${id}`, { status: "pending" });
    await other.put(`/reports/${id}`, { status: "rejected", decision: "on second thought" });
    const verdicts = await socket.all("admin:report_resolved", 2);
    expect(verdicts[1]!.data).toMatchObject({ reportId: id, status: "rejected", result: "on second thought" });
    await socket.settled();
    const pushed = socket.of("notification:new");
    expect(pushed.map(({ data }) => data.type)).toEqual(["admin_resolve", "admin_resolve"]);
    expect((await reporter.get("/notifications")).body).toEqual([pushed[1]!.data]);
    expect(socket.of("notification:unseen_count").at(-1)?.data).toEqual({ count: 1 });
    expect(await bell(reporter)).toEqual({ unseen: 1, listed: [["admin_resolve", false]] });
  });
}

test("a report stays decided while its reporter has another one of the same pending", async () => {
  const first = await report();
  await moderator.put(`/reports/${first.id}`, { status: "rejected" });
  const second = await report();
  for (const answer of [
    await moderator.post(`/admin/reports/${first.id}/reopen`),
    await moderator.put(`/reports/${first.id}`, { status: "pending" }),
  ]) {
    expect([answer.status, answer.body.error.code]).toEqual([409, "OTHER_REPORT_PENDING"]);
  }
  expect(await bell(reporter)).toMatchObject({ unseen: 1 });
  expect((await auditOf(first.id)).map(({ action }: any) => action)).toEqual(["report_rejected"]);
  await moderator.put(`/reports/${second.id}`, { status: "rejected" });
  expect((await moderator.post(`/admin/reports/${first.id}/reopen`)).body.changed).toBe(true);
  expect((await report()).id).toBe(first.id);
});

test("reporting, deciding and reopening the same thing all at once: no failure, and at most one is pending", async () => {
  const ids = new Set<number>([(await report()).id]);
  const storm = async (n: number) => {
    const answers: { status: number }[] = [];
    for (let round = 0; round < 12; round++) {
      const made = await reporter.post("/reports/", { targetType: "video", targetId: videoId, reason: `${n}` });
      ids.add(made.body.id);
      const id = [...ids].at(-1 - (round % ids.size));
      answers.push(made, await moderator.put(`/reports/${id}`, { status: round % 3 ? "rejected" : "pending" }));
    }
    return answers.map(({ status }) => status);
  };
  const statuses = (await Promise.all(Array.from({ length: 6 }, (_, n) => storm(n)))).flat();
  expect(statuses.filter((status) => ![200, 201, 409].includes(status))).toEqual([]);
  const [row] = await server.app.sql`
    select count(*) filter (where status = 'pending')::int as pending,
      (select s.unseen_notifications = (select count(*) from notifications n where n.user_id = s.user_id
          and is_unseen(n, s.notifications_seen_up_to, null))
        from user_streams s where s.user_id = ${reporter.id}) as "isExact"
    from reports where reporter_id = ${reporter.id}`;
  expect(row.pending).toBeLessThanOrEqual(1);
  expect(row.isExact).toBe(true);
});

test("deciding by PUT and reopening spend the budget of admin writes", async () => {
  const { id } = await report();
  for (let spent = 0; spent < 1000; spent++) await server.app.limits.adminWrites.spend(moderator.id);
  for (const answer of [
    await moderator.put(`/reports/${id}`, { status: "rejected" }),
    await moderator.post(`/admin/reports/${id}/reopen`),
  ]) {
    expect([answer.status, answer.body.error.code]).toEqual([429, "RATE_LIMIT"]);
  }
  expect((await moderator.get(`/reports/${id}`)).body.status).toBe("pending");
});
