import { beforeEach, expect, test } from "bun:test";
import { StaffReport, StaffReportDetails } from "@reelay/contract";
import { addVideo, type Person, promote, serverForFile } from "@reelay/testkit";

/* A member of staff who is reported: somebody else decides, and they do not learn by whom. */

const { server, people } = serverForFile();
let accused: Person;
let colleague: Person;
let reporter: Person;
let videoId: number;

beforeEach(async () => {
  [accused, colleague, reporter] = await people("accused", "colleague", "reporter");
  await promote(server, accused, "admin");
  await promote(server, colleague, "moderator");
  videoId = await addVideo(server, accused);
});

async function report(targetType: string, targetId: number): Promise<number> {
  const { status, body } = await reporter.post("/reports/", { targetType, targetId, reason: "spam" });
  expect(status).toBe(201);
  return body.id;
}

async function reportAll(): Promise<number[]> {
  const { body: comment } = await accused.post("/comments/", { videoId, content: "bad words" });
  const { body: message } = await accused.post("/messages/", { receiverId: reporter.id, content: "worse words" });
  return [
    await report("user", accused.id),
    await report("video", videoId),
    await report("comment", comment.id),
    await report("message", message.id),
  ];
}

async function statusOf(id: number): Promise<string> {
  return (await colleague.get(`/reports/${id}`)).body.status;
}

test("every way to decide a report on oneself, one's video, comment or message is refused; a colleague decides", async () => {
  for (const id of await reportAll()) {
    const attempts = () => [
      accused.post(`/admin/reports/${id}/resolve`),
      accused.post(`/admin/reports/${id}/resolve`, { status: "rejected" }),
      accused.post(`/admin/reports/${id}/reject`),
      accused.post(`/admin/reports/${id}/reopen`),
      accused.put(`/reports/${id}`, { status: "approved" }),
      accused.put(`/reports/${id}`, { status: "pending" }),
    ];
    const refused = async () => {
      const answers = await Promise.all(attempts());
      expect(answers.map(({ status, body }) => [status, body.error?.code])).toEqual(
        answers.map(() => [403, "OWN_CASE"]),
      );
    };
    await refused();
    expect(await statusOf(id)).toBe("pending");
    expect((await colleague.post(`/admin/reports/${id}/resolve`)).body.changed).toBe(true);
    await refused();
    expect(await statusOf(id)).toBe("resolved");
  }
  const audited = await server.app.sql`select id from audit_log where actor_id = ${accused.id}`;
  expect(audited).toHaveLength(0);
});

test("who reported is not shown to the one it is about, in no list; a colleague sees it", async () => {
  const ids = await reportAll();
  const seenBy = async (person: Person) => {
    const list = (await person.get("/reports/?limit=4")).body as StaffReport[];
    expect(list.map(({ id }) => id)).toEqual(ids.toReversed());
    const pages = await Promise.all(ids.map(async (id) => (await person.get(`/reports/${id}`)).body));
    const recent = (await person.get("/admin/stats/recent-activity?limit=4")).body.recent_reports;
    return [
      ...list.map((row) => StaffReport.parse(row)),
      ...pages.map((page) => StaffReportDetails.parse(page)),
      ...recent.map((row: any) => ({ reporterId: row.reporterId, reporterUsername: row.reporterName })),
    ].map(({ reporterId, reporterUsername }) => [reporterId, reporterUsername]);
  };
  expect(await seenBy(accused)).toEqual(Array(12).fill([null, null]));
  expect(await seenBy(colleague)).toEqual(Array(12).fill([reporter.id, reporter.username]));
});

test("taking one's own video down does not decide the reports on it", async () => {
  const id = await report("video", videoId);
  const refused = await accused.delete(`/admin/videos/${videoId}`);
  expect([refused.status, refused.body.error.code]).toEqual([403, "OWN_CASE"]);
  expect((await reporter.get(`/videos/${videoId}`)).status).toBe(200);
  expect((await accused.delete(`/videos/${videoId}`)).body.changed).toBe(true);
  expect(await statusOf(id)).toBe("pending");
});

test("what a colleague took down is not restored by its owner", async () => {
  await colleague.delete(`/admin/videos/${videoId}`);
  const refused = await accused.post(`/admin/videos/${videoId}/restore`);
  expect([refused.status, refused.body.error.code]).toEqual([403, "OWN_CASE"]);
  expect((await accused.get(`/videos/${videoId}`)).status).toBe(404);
  expect((await colleague.post(`/admin/videos/${videoId}/restore`)).body.changed).toBe(true);
});
