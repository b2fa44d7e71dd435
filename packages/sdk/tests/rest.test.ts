import { expect, test } from "bun:test";
import { Message, OwnUser, Video } from "@reelay/contract";
import { mp4, type Person, PICTURES, serverForFile, storedFiles } from "@reelay/testkit";
import { z } from "zod";
import { createClient } from "../src/index.ts";
import { refusal, rejection } from "./rejection.ts";

const { server, people } = serverForFile({ env: { RATE_UPLOADS_PER_HOUR: "3" } });

const clientOf = ({ token }: Pick<Person, "token">) => createClient({ baseUrl: server.url, getToken: () => token });
const fileOf = (bytes: Uint8Array<ArrayBufferLike>, name = "a.mp4") => new File([new Uint8Array(bytes)], name);

test("operations go by their names: path, query and body in one object", async () => {
  const [ann, bob] = await people("ann", "bob");
  const [{ api: anns }, { api: bobs }] = [clientOf(ann), clientOf(bob)];
  const sent = await anns.sendMessage({ receiverId: bob.id, content: "xin chào" });
  Message.parse(sent);
  expect(await bobs.countUnreadMessages()).toBe(1);
  const [message] = await bobs.listMessages({ userId: ann.id, limit: 1 });
  expect(message).toMatchObject({ id: sent.id, content: "xin chào" });
  await bobs.markMessagesSeen({ conversationWith: ann.id });
  expect(await bobs.countUnreadMessages()).toBe(0);
  OwnUser.parse(await anns.updateProfile({ bio: "in Hà Nội" }));
  expect((await bobs.getUser({ id: ann.id })).bio).toBe("in Hà Nội");
});

test("withResponse tells the status, the request's id, and of a list where the events stand", async () => {
  const [ann, bob] = await people("ann", "bob");
  const { api } = clientOf(ann);
  const clientId = crypto.randomUUID();
  const first = await api.sendMessage.withResponse({ receiverId: bob.id, content: "hi", clientId });
  const again = await api.sendMessage.withResponse({ receiverId: bob.id, content: "hi", clientId });
  expect([first.status, again.status, first.data.id === again.data.id]).toEqual([201, 200, true]);
  expect([first.cursor, first.requestId === again.requestId]).toEqual([undefined, false]);
  const { data, cursor } = await clientOf(bob).api.listConversations.withResponse();
  expect([data.length, cursor !== undefined]).toEqual([1, true]);
  await api.sendMessage({ receiverId: bob.id, content: "more" });
  const { events } = await clientOf(bob).api.listEvents({ cursor });
  expect(events.map(({ type }) => type)).toEqual(["message:new"]);
});

test("a visitor without a token sees what is public", async () => {
  const { api } = createClient({ baseUrl: server.url, getToken: () => null });
  z.array(z.unknown()).parse(await api.listVideos());
  expect(await refusal(api.listConversations())).toEqual(["NEEDS_TOKEN", 401]);
});

test("what the server refuses with comes as its code, the fields by their names", async () => {
  const [ann] = await people("ann");
  const { api } = clientOf(ann);
  expect(await refusal(api.getUser({ id: 999_999 }))).toEqual(["USER_NOT_FOUND", 404]);
  const error = await rejection(api.sendMessage({ receiverId: 0, content: "" }));
  expect(error).toMatchObject({ name: "ReelayError", code: "VALIDATION_ERROR", status: 422, details: {} });
  expect(Object.keys(error.fields).sort()).toEqual(["content", "receiverId"]);
  expect(error.message).toContain(error.fields.receiverId!);
  expect(error.requestId).toMatch(/.+/);
});

test("uploading a video, and getting its bytes; retryAfter says when there may be more", async () => {
  const [ann] = await people("ann");
  const { api, uploadVideo } = clientOf(ann);
  const progress: number[] = [];
  const bytes = mp4({ seconds: 3 });
  const video = await uploadVideo(
    { title: "Hà Nội", visibility: "public", file: fileOf(bytes) },
    { onProgress: (fraction) => progress.push(fraction) },
  );
  Video.parse(video);
  expect([video.title, progress]).toEqual(["Hà Nội", [0, 1]]);
  const [, kind = "", name = ""] = video.url?.match(/media\/(\w+)\/([^?]+)/) ?? [];
  const blob = await api.downloadFile({ kind, name });
  expect(Buffer.from(await blob.arrayBuffer()).equals(bytes)).toBe(true);
  const broken = { onProgress: () => expect.unreachable() };
  await uploadVideo({ title: "b", file: fileOf(bytes), duration: 3 }, broken);
  await uploadVideo({ title: "c", file: fileOf(bytes), thumb: fileOf(PICTURES.png, "a.png") });
  const error = await rejection(uploadVideo({ title: "d", file: fileOf(bytes) }));
  expect([error.code, error.status, (error.retryAfter ?? 0) > 0]).toEqual(["RATE_LIMIT", 429, true]);
});

test("a file that is none is refused, and no progress tells that it is done", async () => {
  const [ann] = await people("ann");
  const before = await storedFiles(server);
  const progress: number[] = [];
  const upload = clientOf(ann).uploadVideo(
    { title: "a", file: fileOf(Buffer.from("text")) },
    { onProgress: (fraction) => progress.push(fraction) },
  );
  expect([await refusal(upload), progress]).toEqual([["UNSUPPORTED_FILE", 422], [0]]);
  expect((await storedFiles(server)).sort()).toEqual(before.sort());
});

test("an upload is repeated with another token when its own is refused", async () => {
  const [ann] = await people("ann");
  const getToken = ({ refused }: { refused?: string }) => (refused ? ann.token : "not.a.token");
  const { uploadVideo } = createClient({ baseUrl: server.url, getToken });
  const progress: number[] = [];
  const onProgress = (fraction: number) => progress.push(fraction);
  const video = await uploadVideo({ title: "a", file: fileOf(mp4()) }, { onProgress });
  expect([video.title, progress]).toEqual(["a", [0, 0, 1]]);
  expect(await clientOf(ann).api.listUserVideos({ id: ann.id })).toHaveLength(1);
});

test("a picture is sent as a form", async () => {
  const [ann] = await people("ann");
  const { api } = clientOf(ann);
  const avatarUrl = await api.replaceAvatar({ file: fileOf(PICTURES.png, "a.png") });
  expect(avatarUrl).toMatch(/avatars/);
  expect((await api.getCurrentUser()).avatarUrl).toBe(avatarUrl);
});
