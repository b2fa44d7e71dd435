import { expect, test } from "bun:test";
import { addVideo, promote, serverForFile } from "@reelay/testkit";

const { server, people } = serverForFile();

test("staff's resumable sockets learn how much waits when they are live, and when it changes; nobody else does", async () => {
  const [moderator, owner, reporter] = await people("moderator", "owner", "reporter");
  await promote(server, moderator, "moderator");
  const [resumable, plain, users] = [await moderator.resume(), await moderator.connect(), await reporter.resume()];
  expect((await resumable.next("staff:queue")).data).toEqual({ pending: 0, overdue: 0 });
  const targetId = await addVideo(server, owner);
  await reporter.post("/reports/", { targetType: "video", targetId, reason: "spam" });
  const frame = await resumable.next("staff:queue");
  expect(frame).toEqual({ type: "staff:queue", data: { pending: 1, overdue: 0 } });
  await server.app.sql`
    update moderation_queue set oldest_at = now() - interval '25 hours' where target_id = ${targetId}`;
  expect((await resumable.next("staff:queue")).data).toEqual({ pending: 1, overdue: 1 });
  await moderator.post("/admin/queue/decide", { targetType: "video", targetId, verdict: "rejected" });
  expect((await resumable.next("staff:queue")).data).toEqual({ pending: 0, overdue: 0 });
  await Promise.all([plain.settled(), users.settled()]);
  expect([...plain.of("staff:queue"), ...users.of("staff:queue")]).toEqual([]);
  const { events } = (await moderator.get("/events")).body;
  expect(events.filter(({ type }: any) => type === "staff:queue")).toEqual([]);
});
