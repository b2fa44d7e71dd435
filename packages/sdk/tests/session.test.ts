import { beforeAll, expect, test } from "bun:test";
import { type Person, promote, serverForFile, signUp } from "@reelay/testkit";
import {
  type Client,
  createClient,
  createSession,
  type Fetch,
  type Session,
  type SessionStorage,
} from "../src/index.ts";
import { refusal, rejection } from "./rejection.ts";
import { BrokenStorage, MemoryStorage, SlowStorage } from "./storages.ts";

const { server } = serverForFile();
const DAY_MS = 86_400_000;
let admin: Person;

beforeAll(async () => {
  admin = await signUp(server, "admin");
  await promote(server, admin, "admin");
});

type Tab = Client & { session: Session; requests: string[]; changes: (number | null)[] };

/** A page of an app: its own session and client on a storage that it may share. */
function openTab(storage?: SessionStorage, intercept?: (path: string) => Promise<void>): Tab {
  const requests: string[] = [];
  const send: Fetch = async (url, init) => {
    const path = url.slice(server.url.length + "/api/v1".length);
    requests.push(path);
    await intercept?.(path);
    return await fetch(url, init);
  };
  const session = createSession({ baseUrl: server.url, storage, fetch: send });
  const changes: (number | null)[] = [];
  session.onChange((userId) => changes.push(userId));
  return { ...createClient({ baseUrl: server.url, session, fetch: send }), session, requests, changes };
}

async function signedIn(storage?: SessionStorage): Promise<Tab & { person: Person }> {
  const person = await signUp(server, "ann");
  const tab = openTab(storage);
  await tab.session.login({ email: person.email, password: person.password });
  return { ...tab, person };
}

/** Access tokens of before are refused from now on, refresh tokens are not. */
async function outdateTokens({ id }: Person): Promise<void> {
  await admin.post(`/admin/users/${id}/ban`, { reason: "spam" });
  await admin.post(`/admin/users/${id}/unban`);
}

const refreshes = (...tabs: Tab[]) =>
  tabs.flatMap(({ requests }) => requests).filter((path) => path === "/auth/refresh").length;

test("logging in returns the account, and who else opens the storage is signed in, too", async () => {
  for (const storage of [new MemoryStorage(), new SlowStorage()]) {
    const { person, session, changes, api } = await signedIn(storage);
    expect([session.userId, changes, (await api.getCurrentUser()).id]).toEqual([person.id, [person.id], person.id]);
    const later = openTab(storage);
    expect([later.session.userId, await later.session.restore(), later.session.userId]).toEqual([
      null,
      person.id,
      person.id,
    ]);
    expect((await openTab(storage).api.getCurrentUser()).id).toBe(person.id);
  }
});

test("without a storage the session lasts as long as its page", async () => {
  const { person, api } = await signedIn();
  expect((await api.getCurrentUser()).id).toBe(person.id);
  expect(await refusal(openTab().api.getCurrentUser())).toEqual(["NEEDS_TOKEN", 401]);
});

test("a wrong password changes nothing", async () => {
  const { person, session, changes } = await signedIn();
  expect(await refusal(session.login({ email: person.email, password: "wrong" }))).toEqual([
    "INVALID_CREDENTIALS",
    401,
  ]);
  expect([session.userId, changes]).toEqual([person.id, [person.id]]);
});

test("a refused token is refreshed once, however many requests need it; they are repeated and succeed", async () => {
  const tab = await signedIn(new SlowStorage());
  await outdateTokens(tab.person);
  const answers = await Promise.all(Array.from({ length: 8 }, () => tab.api.getCurrentUser()));
  expect(answers.map(({ id }) => id)).toEqual(Array(8).fill(tab.person.id));
  expect(refreshes(tab)).toBe(1);
  expect((await tab.api.listSessions()).length).toBe(2);
});

test("two tabs that refresh at once both go on, and so they do the next time", async () => {
  const storage = new MemoryStorage();
  const one = await signedIn(storage);
  const other = openTab(storage);
  await other.session.restore();
  for (let n = 0; n < 2; n++) {
    await outdateTokens(one.person);
    const users = await Promise.all([one, other, one, other].map(({ api }) => api.getCurrentUser()));
    expect(users.map(({ id }) => id)).toEqual(Array(4).fill(one.person.id));
  }
  expect(refreshes(one, other)).toBeGreaterThanOrEqual(2);
  expect([one.changes, other.changes]).toEqual([[one.person.id], [one.person.id]]);
});

test("tokens that another tab has refreshed are taken, not refreshed again", async () => {
  const storage = new MemoryStorage();
  const one = await signedIn(storage);
  const other = openTab(storage);
  const old = (await other.session.getToken()) ?? "";
  await outdateTokens(one.person);
  await one.api.getCurrentUser();
  const taken = await other.session.getToken({ refused: old });
  expect([taken === old, refreshes(one), refreshes(other)]).toEqual([false, 1, 0]);
});

test("logging out forgets the tokens in every tab, and ends the session at the server", async () => {
  const storage = new MemoryStorage();
  const one = await signedIn(storage);
  const other = openTab(storage);
  const token = (await other.session.getToken()) ?? "";
  await one.session.logout();
  expect([storage.items.size, one.session.userId, one.changes]).toEqual([0, null, [one.person.id, null]]);
  expect(await refusal(other.api.getCurrentUser())).toEqual(["NEEDS_TOKEN", 401]);
  expect(other.changes).toEqual([one.person.id, null]);
  const withOldToken = createClient({ baseUrl: server.url, getToken: () => token });
  expect(await refusal(withOldToken.api.getCurrentUser())).toEqual(["NEEDS_TOKEN", 401]);
});

test("logging out ends the session at the server, even with a token that it refuses; and offline it ends here", async () => {
  const { person, session, api } = await signedIn();
  await outdateTokens(person);
  await session.logout();
  expect(await refusal(api.getCurrentUser())).toEqual(["NEEDS_TOKEN", 401]);
  expect(await sessionsOf(person)).toBe(1);
  const storage = new MemoryStorage();
  await signedIn(storage);
  const offline = createSession({ baseUrl: "http://127.0.0.1:1", storage });
  await offline.logout();
  expect(storage.items.size).toBe(0);
});

/** How many can still be used, not counting the one that asks. */
async function sessionsOf({ email, password }: Person): Promise<number> {
  const { session, api } = openTab();
  await session.login({ email, password });
  return (await api.listSessions()).length - 1;
}

test("who logs out while the token is being refreshed is not signed in again by its answer", async () => {
  const storage = new SlowStorage();
  const { person } = await signedIn(storage);
  let logout: Promise<void> | undefined;
  const tab = openTab(storage, async (path) => {
    if (path === "/auth/refresh") logout = tab.session.logout();
  });
  await tab.session.restore();
  await outdateTokens(person);
  expect(await refusal(tab.api.getCurrentUser())).toEqual(["NEEDS_TOKEN", 401]);
  await logout;
  expect([await tab.session.restore(), tab.changes]).toEqual([null, [person.id, null]]);
});

test("a session that the server has ended is over here as well", async () => {
  const storage = new MemoryStorage();
  const { person, api, session, changes } = await signedIn(storage);
  const sessions = await api.listSessions();
  await api.revokeSession({ id: sessions.find(({ isCurrent }) => isCurrent)?.id ?? 0 });
  expect(await refusal(api.getCurrentUser())).toEqual(["NEEDS_TOKEN", 401]);
  expect([storage.items.size, session.userId, changes]).toEqual([0, null, [person.id, null]]);
  expect(await refusal(api.getCurrentUser())).toEqual(["NEEDS_TOKEN", 401]);
  await session.login({ email: person.email, password: person.password });
  expect((await api.getCurrentUser()).id).toBe(person.id);
});

test("a ban is told as such, and the session lives on after it", async () => {
  const { person, api } = await signedIn();
  await admin.post(`/admin/users/${person.id}/ban`, { reason: "spam" });
  const error = await rejection(api.getCurrentUser());
  expect(error).toMatchObject({ code: "ACCOUNT_BANNED", status: 403, details: { reason: "spam", until: null } });
  await admin.post(`/admin/users/${person.id}/unban`);
  expect((await api.getCurrentUser()).id).toBe(person.id);
});

test("a page of one user never acts for another who signed in in another tab, until it is told to", async () => {
  const storage = new MemoryStorage();
  const ann = await signedIn(storage);
  const bob = await signedIn(storage);
  const refused = await Promise.all([1, 2].map(() => refusal(ann.api.updateProfile({ bio: "mine" }))));
  expect(refused).toEqual([
    ["NEEDS_TOKEN", 401],
    ["NEEDS_TOKEN", 401],
  ]);
  expect((await bob.api.getCurrentUser()).bio).toBeNull();
  expect([ann.session.userId, ann.changes]).toEqual([null, [ann.person.id, null]]);
  await ann.session.logout();
  expect((await bob.api.getCurrentUser()).id).toBe(bob.person.id);
  expect(await ann.session.restore()).toBe(bob.person.id);
  expect((await ann.api.getCurrentUser()).id).toBe(bob.person.id);
});

test("a request of one user is not repeated with the token of the next", async () => {
  const { person, session } = await signedIn();
  const annsToken = (await session.getToken()) ?? "";
  const bob = await signUp(server, "bob");
  await session.login({ email: bob.email, password: bob.password });
  expect([person.id === bob.id, await session.getToken({ refused: annsToken })]).toEqual([false, null]);
  expect(await session.getToken()).not.toBeNull();
});

test("a storage that cannot be used at all costs no more than the next reload", async () => {
  const storage = new BrokenStorage();
  storage.isLocked = true;
  const { person, api, session } = await signedIn(storage);
  await outdateTokens(person);
  expect((await api.getCurrentUser()).id).toBe(person.id);
  await session.logout();
  expect(await refusal(api.getCurrentUser())).toEqual(["NEEDS_TOKEN", 401]);
});

test("a storage that is full keeps no tokens that were used, since they would end the session", async () => {
  const storage = new BrokenStorage();
  const tab = await signedIn(storage);
  storage.isFull = true;
  await outdateTokens(tab.person);
  expect((await tab.api.getCurrentUser()).id).toBe(tab.person.id);
  expect([storage.items.size, tab.session.userId]).toEqual([0, tab.person.id]);
  server.clock.advance(61_000);
  expect(await openTab(storage).session.restore()).toBeNull();
  storage.isFull = false;
  await outdateTokens(tab.person);
  expect((await tab.api.getCurrentUser()).id).toBe(tab.person.id);
  expect(await openTab(storage).session.restore()).toBe(tab.person.id);
});

test("a storage that is locked for a moment signs nobody out", async () => {
  const storage = new BrokenStorage();
  const { person, session, api } = await signedIn(storage);
  storage.isLocked = true;
  const started = openTab(storage);
  expect(await started.session.restore()).toBeNull();
  expect([session.userId, (await api.getCurrentUser()).id]).toEqual([person.id, person.id]);
  storage.isLocked = false;
  expect((await started.api.getCurrentUser()).id).toBe(person.id);
});

test("what is stored and is none of ours is nobody's session", async () => {
  const texts = ["", "{", "null", "7", "[]", '{"accessToken":7}', '{"accessToken":"a","refreshToken":"b"}'];
  for (const text of texts) {
    const storage = new MemoryStorage();
    storage.setItem("reelay.session", text);
    expect([text, await openTab(storage).session.restore()]).toEqual([text, null]);
  }
  for (const refreshToken of ["made-up", "x".repeat(201)]) {
    const storage = new MemoryStorage();
    storage.setItem("reelay.session", JSON.stringify({ accessToken: "a", refreshToken, userId: 7 }));
    const tab = openTab(storage);
    expect(await refusal(tab.api.getCurrentUser())).toEqual(["NEEDS_TOKEN", 401]);
    expect([refreshes(tab), storage.items.size, tab.changes]).toEqual([1, 0, [7, null]]);
  }
});

test("a listener that throws harms nobody; one that was taken off is not called", async () => {
  const tab = openTab();
  const heard: (number | null)[] = [];
  tab.session.onChange(() => {
    throw new Error("a broken page");
  });
  const stop = tab.session.onChange((userId) => heard.push(userId));
  const person = await signUp(server, "ann");
  await tab.session.login({ email: person.email, password: person.password });
  stop();
  await tab.session.logout();
  expect([heard, tab.changes]).toEqual([[person.id], [person.id, null]]);
});

test("after thirty days without a visit the user signs in again", async () => {
  const { person, api, changes } = await signedIn(new MemoryStorage());
  server.clock.advance(31 * DAY_MS);
  expect(await refusal(api.getCurrentUser())).toEqual(["NEEDS_TOKEN", 401]);
  expect(changes).toEqual([person.id, null]);
});
