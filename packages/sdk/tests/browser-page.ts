import { createClient, createSession, ReelayError, type UploadOptions } from "../src/index.ts";
import { withLock } from "../src/lock.ts";

/* What browser.test.ts has a page do: each of these once, with its result posted to the page's own server. */

const [baseUrl = "", email = "", password = "", frame = ""] = decodeURIComponent(location.hash.slice(1)).split(",");
const session = createSession({ baseUrl, storage: localStorage });
const { api, uploadVideo } = createClient({ baseUrl, session });
const file = async () => new File([await (await fetch("/file")).blob()], "a.mp4");
const never = new Promise<never>(() => {});

if (frame) {
  await outdated();
  await report(frame, () => Promise.all([1, 2, 3].map(async () => (await api.getCurrentUser()).id)));
} else {
  await report("login", async () => (await session.login({ email, password })).id);
  await report("headers", async () => (await api.listVideos.withResponse()).cursor !== undefined);
  await report("upload", uploadWithProgress);
  await report("aborted", uploadToNobody);
  await report("aborted early", () => uploadAborted(AbortSignal.abort()));
  await report("offline", () => uploadBy("http://127.0.0.1:1"));
  await report("lock that is never let go", withoutLock);
  await report("lock of work that fails", failingUnderLock);
  openTabs();
}

async function report(name: string, work: () => Promise<unknown>): Promise<void> {
  const result = await work().catch((error) => (error instanceof ReelayError ? error.code : String(error)));
  await fetch("/report", { method: "POST", body: JSON.stringify([name, result]) });
}

async function uploadWithProgress(): Promise<unknown> {
  const progress: number[] = [];
  const { title } = await uploadVideo(
    { title: "a", file: await file() },
    { onProgress: (part) => progress.push(part) },
  );
  const isRising = progress.every((part, index) => part >= (progress[index - 1] ?? 0));
  return [title, progress[0], progress.at(-1), isRising, progress.length > 2];
}

async function uploadBy(url: string, options?: UploadOptions): Promise<unknown> {
  const client = createClient({ baseUrl: url, getToken: () => "a-token" });
  return await client.uploadVideo({ title: "a", file: await file() }, { onProgress: () => {}, ...options });
}

/** Everything is sent, and never answered. */
async function uploadToNobody(): Promise<unknown> {
  const leaving = new AbortController();
  let reports = 0;
  const onProgress = (part: number) => {
    reports++;
    if (part === 1) leaving.abort();
  };
  const code = await uploadBy("", { signal: leaving.signal, onProgress }).catch((error) => error.code);
  return [code, reports > 1];
}

async function uploadAborted(signal: AbortSignal): Promise<unknown> {
  return await uploadBy("", { signal });
}

async function withoutLock(): Promise<unknown> {
  navigator.locks.request("held", () => never);
  let count = 0;
  const result = await withLock("held", 20, async () => ++count);
  return [result, count];
}

async function failingUnderLock(): Promise<unknown> {
  let count = 0;
  const failing = withLock("free", 20, async () => {
    count++;
    throw new Error("it failed");
  });
  return [await failing.catch((error) => error.message), count];
}

/** Frames of one origin have the storage and the locks of tabs. */
function openTabs(): void {
  for (const name of ["tab 1", "tab 2"]) {
    const tab = document.createElement("iframe");
    tab.src = `/#${encodeURIComponent([baseUrl, email, password, name].join(","))}`;
    document.body.append(tab);
  }
}

/** Until both tabs are there, and their token is refused. */
async function outdated(): Promise<void> {
  await session.getToken();
  await fetch("/outdated", { method: "POST" });
}
