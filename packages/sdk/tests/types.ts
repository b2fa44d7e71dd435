import { type AnswerOf, type Client, createClient, createSession, type Schemas } from "../src/index.ts";

/* Is only checked, never run: what a call takes and answers, and what it refuses. */

const session = createSession({ baseUrl: "", storage: localStorage });
const { api, uploadVideo }: Client = createClient({ baseUrl: "", session });

export const lists: Promise<Schemas["MessageInList"][]> = api.listMessages({ userId: 7, limit: 20 });
export const withoutArguments: Promise<Schemas["OwnUser"]> = api.getCurrentUser();
export const withOptionalOnes = [api.listVideos(), api.listVideos({ limit: 5 }), api.listVideos({}, {})];
export const withPathAndBody = [api.banUser({ id: 1 }), api.banUser({ id: 1, reason: "spam" })];
export const cursor: Promise<string | undefined> = api.listVideos.withResponse().then((answer) => answer.cursor);
export const bytes: Promise<Blob> = api.downloadFile({ kind: "videos", name: "a.mp4" });
export const files = [
  api.replaceAvatar({ file: new Blob() }),
  api.replaceAvatar({ file: { uri: "file:///a.png", name: "a.png", type: "image/png" } }),
  uploadVideo({ title: "Hà Nội", file: new Blob(), duration: 12.5 }, { onProgress: (part: number) => part }),
];
export const created: Promise<AnswerOf<"createVideo">> = api.createVideo({ title: "Hà Nội", url: "https://a/b.mp4" });

export const refused = [
  // @ts-expect-error: it needs an id
  api.getUser(),
  // @ts-expect-error: an id is a number
  api.getUser({ id: "7" }),
  // @ts-expect-error: it takes no name
  api.getUser({ id: 7, name: "ann" }),
  // @ts-expect-error: it takes nothing
  api.logout({ id: 7 }),
  // @ts-expect-error: there is no such type of notification
  api.listNotifications({ type: "wave" }),
  // @ts-expect-error: it is there for deployed clients alone
  api.decideReport,
  // @ts-expect-error: who is signed in must come from somewhere
  createClient({ baseUrl: "" }),
  // @ts-expect-error: but not from two places
  createClient({ baseUrl: "", session, getToken: () => null }),
];
