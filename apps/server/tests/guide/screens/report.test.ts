import { expect, test } from "bun:test";
import { promote, serverForFile } from "@reelay/testkit";
import { FrontEnd, refusal } from "./front-end.ts";
import { expectShape } from "./shapes.ts";

const { server } = serverForFile();

test("the report dialog: a reason is sent, twice is once, and the verdict comes to the reporter", async () => {
  const [app, maker] = [await FrontEnd.join(server, "viewer"), await FrontEnd.join(server, "maker")];
  const admin = await FrontEnd.join(server, "chief");
  await promote(server, admin.user, "admin");
  const video = await maker.post("/videos/", { title: "free phones!!!", url: "https://example.com/v.mp4" });
  const comment = await maker.post("/comments/", { video_id: video.id, content: "click here" });

  const dialog = { target_type: "video", target_id: video.id, reason: "spam", description: "Lừa đảo" };
  const report = await app.post("/reports/", dialog);
  expectShape(report, "report");
  expect(report).toMatchObject({
    ...{ reporterId: app.user.id, targetType: "video", targetId: video.id, reason: "spam", description: "Lừa đảo" },
    ...{ status: "pending", result: null, resolvedAt: null },
  });
  expect(await app.post("/reports", { ...dialog, reason: "still spam" })).toEqual(report);
  const other = await app.post("/reports/", { targetType: "comment", targetId: comment.id, reason: "scam" });
  expect(await app.get("/reports/my/?skip=0&limit=20")).toEqual([other, report]);
  expect(await refusal(app.post("/reports/", { ...dialog, reason: "" }))).toEqual([
    422,
    "reason: at least 1 character",
  ]);
  const oneself = { target_type: "user", target_id: app.user.id, reason: "?" };
  expect(await refusal(app.post("/reports/", oneself))).toEqual([422, "You cannot report yourself."]);

  await app.connect();
  const [decided, rung] = [app.next("admin:report_resolved"), app.next("notification:new")];
  await admin.post(`/admin/reports/${report.id}/resolve`, { status: "resolved", result: "Đã gỡ" });
  const event = await decided;
  expectShape(event, "reportId:number status:string result:string resolvedAt:time");
  expect(event).toMatchObject({ reportId: report.id, status: "resolved", result: "Đã gỡ" });
  expect(await rung).toMatchObject({
    type: "admin_resolve",
    refId: report.id,
    target: null,
    actor: { username: "moderation" },
  });
  expect((await app.get("/reports/my"))[1]).toEqual({
    ...report,
    ...{ status: "resolved", result: "Đã gỡ", resolvedAt: event.resolvedAt },
  });
  await app.goOffline();
});
