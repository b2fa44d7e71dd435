import type { Sql } from "../../apps/server/src/platform/postgres.ts";
import { copyReport, fillAccounts, fillFollowers, fillNotifications } from "./bulk.ts";
import { type Answer, call, makePeople, makeVideos, PASSWORD, type Person } from "./people.ts";
import { observe, type Probe } from "./probe.ts";
import type { Measure } from "./results.ts";
import type { Server } from "./server.ts";
import type { Scenario, Stand } from "./stand.ts";

const FOLLOWERS = "follower.";
const MAX_REPORTS = 5000;
/** What the answer leaves to be done later may hold rows as well. */
const WATCHED_AFTER_MS = 5000;

/** Writes that concern whole sets of rows: how long they take, and how long others wait who need one of the rows. */
export const wholeSets: Scenario = { point: 7, run };

type Cast = Record<"victim" | "flooder" | "leaver" | "banned" | "follower" | "reporter" | "other" | "admin", Person>;

async function run(stand: Stand): Promise<Measure[]> {
  const server = await stand.start();
  const sql = await server.openSql();
  const cast = await castOf(server);
  const { rows, quietMs } = stand.sizes;
  await fillNotificationsOf(server, sql, cast, rows);
  const followers = Math.floor(rows / 4);
  await fillAccounts(sql, FOLLOWERS, followers);
  await fillFollowers(sql, FOLLOWERS, cast.leaver.id);
  const reports = Math.min(MAX_REPORTS, followers);
  await reportAll(server, sql, cast, reports);
  await sql.unsafe("vacuum analyze");
  const watched = (what: string, bystander: Probe, write: () => Promise<Answer>) =>
    measure(what, bystander, write, quietMs);
  const { victim, flooder, leaver, follower } = cast;
  return [
    ...(await watched(`mark-all-seen of ${rows}`, message(server, cast.other, flooder), () =>
      post(server, flooder, "/notifications/mark-all-seen"),
    )),
    ...(await watched(`block with ${rows} notifications`, message(server, cast.other, victim), () =>
      post(server, victim, `/users/${flooder.id}/block`),
    )),
    ...(await watched(`deletion with ${followers} followers`, follow(server, follower, cast.other), () =>
      call(server.url, "DELETE", "/api/v1/users/me", { token: leaver.token, body: { password: PASSWORD } }),
    )),
    ...(await ban(server, cast, reports, watched)),
  ];
}

async function castOf(server: Server): Promise<Cast> {
  const [victim, flooder, leaver, banned, reporter, other] = await makePeople(server, "person", 6);
  const [follower] = await makePeople(server, `${FOLLOWERS}one`, 1);
  const [admin] = await makePeople(server, "boss", 1, "admin");
  return { victim, flooder, leaver, banned, follower, reporter, other, admin } as Cast;
}

/** Both were flooded by the other. */
async function fillNotificationsOf(server: Server, sql: Sql, { victim, flooder }: Cast, count: number): Promise<void> {
  const [ofVictim, ofFlooder] = (await makeVideos(server, [victim, flooder])) as [number, number];
  await fillNotifications(sql, { userId: victim.id, actorId: flooder.id, videoId: ofVictim, count });
  await fillNotifications(sql, { userId: flooder.id, actorId: victim.id, videoId: ofFlooder, count });
}

async function reportAll(server: Server, sql: Sql, { reporter, banned }: Cast, count: number): Promise<void> {
  const body = { targetType: "user", targetId: banned.id, reason: "spam" };
  const answer = await post(server, reporter, "/reports", body);
  if (answer.status !== 201) throw new Error(`the report was answered ${answer.status}`);
  await copyReport(sql, Number(answer.body.id), FOLLOWERS, count - 1);
}

async function measure(
  what: string,
  bystander: Probe,
  write: () => Promise<Answer>,
  quietMs: number,
): Promise<Measure[]> {
  const { latencies: quiet } = await observe({ bystander }, () => Bun.sleep(quietMs));
  const { latencies, result } = await observe({ bystander }, async () => {
    const answer = await write();
    await Bun.sleep(WATCHED_AFTER_MS);
    return answer;
  });
  const failed = latencies.bystander.failed > 0 ? `${latencies.bystander.failed} failed` : "";
  const longest = { value: latencies.bystander.max, quiet: quiet.bystander.max, note: failed };
  return [
    { point: 7, what, unit: "ms", value: result.ms, note: `answered ${result.status}` },
    { point: 7, what: `${what}: a bystander waits at most`, unit: "ms", ...longest },
  ];
}

/** Beside the time of the write: how long after it was sent the person still posts. */
async function ban(
  server: Server,
  { admin, banned, reporter, other }: Cast,
  reports: number,
  watched: (what: string, bystander: Probe, write: () => Promise<Answer>) => Promise<Measure[]>,
): Promise<Measure[]> {
  const what = `ban with ${reports} pending reports`;
  const body = { reason: "spam" };
  let sentAtMs = Number.POSITIVE_INFINITY;
  let lastPostMs = 0;
  const posts: Probe = async () => {
    const isAccepted = await message(server, banned, other)();
    if (isAccepted) lastPostMs = Math.max(lastPostMs, performance.now() - sentAtMs);
    return isAccepted;
  };
  const { result } = await observe({ posts }, () =>
    watched(what, message(server, other, reporter), () => {
      sentAtMs = performance.now();
      return call(server.url, "POST", `/api/v1/admin/users/${banned.id}/ban`, { token: admin.token, body });
    }),
  );
  return [...result, { point: 7, what: `${what}: their last accepted post`, unit: "ms", value: lastPostMs }];
}

function message(server: Server, sender: Person, receiver: Person): Probe {
  let count = 0;
  return async () => {
    const body = { receiverId: receiver.id, content: `message ${++count}` };
    return (await post(server, sender, "/messages/", body)).status === 201;
  };
}

/** Follows and unfollows in turn. */
function follow({ url }: Server, follower: Person, followee: Person): Probe {
  let count = 0;
  return async () => {
    const method = count++ % 2 === 0 ? "POST" : "DELETE";
    return (await call(url, method, `/api/v1/users/${followee.id}/follow`, { token: follower.token })).status < 300;
  };
}

async function post({ url }: Server, { token }: Person, path: string, body?: object): Promise<Answer> {
  return await call(url, "POST", `/api/v1${path}`, { token, body });
}
