import { expect, test } from "bun:test";
import { EVENTS, type EventType, isForResumable } from "./events.ts";
import { PlainFrame, ResumableFrame, ServerEvent, SYNC_FRAMES } from "./frames.ts";

const types = Object.keys(EVENTS) as EventType[];
const control = ["connected", "ping", "error"];
const typesOf = ({ options }: { options: readonly { shape: { type: { value: string } } }[] }) =>
  options.map(({ shape }) => shape.type.value).toSorted();

test("each union holds every type that is sent to such a socket, and no other", () => {
  const everything = [...control, "staff:queue", ...Object.keys(SYNC_FRAMES), ...types].toSorted();
  expect(typesOf(ServerEvent)).toEqual(everything);
  expect([...new Set(typesOf(ResumableFrame))]).toEqual(everything);
  expect(typesOf(PlainFrame)).toEqual([...control, ...types.filter((type) => !isForResumable(type))].toSorted());
});

test("a position stands beside a durable event of a resumable socket, never of a plain one", () => {
  const deleted = {
    type: "message:deleted",
    data: { messageId: 1, deletedBy: 2, deletedAt: "2026-01-31T09:30:00.000Z" },
  };
  const positioned = { ...deleted, seq: 7, cursor: "c" };
  const accepts = (frame: object) =>
    [PlainFrame, ResumableFrame, ServerEvent].map((schema) => schema.safeParse(frame).success);
  expect(accepts(deleted)).toEqual([true, false, true]);
  expect(accepts(positioned)).toEqual([false, true, true]);
  const stale = { type: "sync:stale", data: { refetch: ["/notifications"] } };
  expect(accepts(stale)).toEqual([false, true, true]);
  expect(accepts({ ...stale, seq: 7, cursor: "c" })).toEqual([false, true, true]);
  expect(accepts({ type: "message:unread_count", data: { count: 1 }, seq: 7, cursor: "c" })).toEqual([
    false,
    false,
    false,
  ]);
  expect(accepts({ type: "message:gone", data: {} })).toEqual([false, false, false]);
});
