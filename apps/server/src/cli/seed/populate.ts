import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import { createComment } from "../../features/comments/create.ts";
import { followUser } from "../../features/follows/follows.ts";
import { likeVideo } from "../../features/likes/likes.ts";
import { markSeen } from "../../features/messages/seen.ts";
import { sendMessage } from "../../features/messages/send.ts";
import { banUser } from "../../features/moderation/bans.ts";
import { decideReport } from "../../features/reports/decisions.ts";
import { createReport } from "../../features/reports/reports.ts";
import { durationOf } from "../../features/videos/mp4-duration.ts";
import { createVideo } from "../../features/videos/videos.ts";
import { countView } from "../../features/videos/views.ts";
import { ageRows } from "./age.ts";
import { type Account, insertAccounts } from "./people.ts";
import { BANNED, MODERATOR, type Plan, type SeededReport, type SeededVideo } from "./plan.ts";

const SAMPLES = fileURLToPath(new URL("../../../samples/", import.meta.url));
const CLIPS = ["sunset", "ball", "colours"];
/** Enough for full batches, and no more than may wait for a lock. */
const AT_ONCE = 250;
const BAN_REASON = "Spam and scams";

/** What has come to be of a plan, in its order. */
type World = { app: App; plan: Plan; accounts: Account[]; videoIds: number[]; commentIds: number[] };

/**
 * Lets a plan happen by the operations that serve the API, one day after the other: counters, statistics, logs and
 * notifications are what they would be. Returns the accounts, in the plan's order.
 */
export async function populate(app: App, plan: Plan, days: number, passwordHash: string): Promise<Account[]> {
  const world: World = { app, plan, accounts: [], videoIds: [], commentIds: [] };
  for (let day = 0; day < days; day++) {
    if (day > 0) await ageRows(app.sql, world.accounts);
    const people = plan.people.filter((person) => person.day === day);
    world.accounts.push(...(await insertAccounts(app.sql, people, passwordHash, world.accounts.length === 0)));
    await live(world, day);
  }
  for (const report of plan.reports) await reportOne(world, report);
  await banUser(app, { userId: idOf(world, MODERATOR) }, idOf(world, BANNED), { reason: BAN_REASON, until: null });
  for (const { id } of world.accounts) app.activity.note(id);
  await app.activity.flush();
  // Nobody serves, perhaps: what the ban left to do would wait for a server.
  await app.durableJobs.work(app);
  return world.accounts;
}

/** What happens on one day, in an order in which everything finds what it speaks of. */
async function live(world: World, day: number): Promise<void> {
  const { app, plan } = world;
  const today = <T extends { day: number }>(list: readonly T[]) => list.filter((each) => each.day === day);
  world.videoIds.push(...(await inTurns(today(plan.videos), (video) => publish(world, video))));
  await inTurns(today(plan.follows), ({ by, to }) => followUser(app, actorOf(world, by), idOf(world, to)));
  await inTurns(today(plan.likes), async ({ by, to }) => {
    await countView(app, actorOf(world, by), world.videoIds[to]!);
    await likeVideo(app, idOf(world, by), world.videoIds[to]!);
  });
  await comment(world, day);
  await inTurns(today(plan.messages), ({ by, to, text }) =>
    sendMessage(app, { senderId: idOf(world, by), receiverId: idOf(world, to), content: text }),
  );
  // Every other person reads what they got.
  const readers = world.accounts.filter((_, index) => index % 2 === 0);
  await inTurns(readers, ({ id }) => readEverything(app, id));
}

/** Comments first, then what answers them. */
async function comment(world: World, day: number): Promise<void> {
  const { app, plan, commentIds } = world;
  const places = plan.comments.flatMap((each, index) => (each.day === day ? index : []));
  for (const isReply of [false, true]) {
    await inTurns(
      places.filter((index) => (plan.comments[index]!.parent !== null) === isReply),
      async (index) => {
        const { by, video, parent, text } = plan.comments[index]!;
        const parentId = parent === null ? null : commentIds[parent]!;
        const draft = { userId: idOf(world, by), videoId: world.videoIds[video]!, content: text, parentId };
        commentIds[index] = (await createComment(app, draft)).comment.id;
      },
    );
  }
}

/** A sample under a name of its own, as an upload would be. */
async function publish(world: World, { owner, title, description, visibility }: SeededVideo): Promise<number> {
  const { app } = world;
  const ownerId = idOf(world, owner);
  const sample = join(SAMPLES, CLIPS[Bun.hash.crc32(title) % CLIPS.length]!);
  const [file, thumb] = [Bun.file(`${sample}.mp4`), Bun.file(`${sample}.jpg`)];
  const name = `${ownerId}-${crypto.randomUUID()}`;
  const draft = { title, description, visibility, duration: await durationOf(file), url: null, thumbUrl: null };
  await app.storage.write(`videos/${name}.mp4`, file);
  await app.storage.write(`thumbs/${name}.jpg`, thumb);
  const files = { fileKey: `${name}.mp4`, thumbKey: `${name}.jpg`, storedBytes: file.size + thumb.size };
  return (await createVideo(app, actorOf(world, owner), { ...draft, ...files })).id;
}

async function readEverything(app: App, readerId: number): Promise<void> {
  const senders: { id: number }[] = await app.sql`
    select peer_id::float8 as id from conversations where user_id = ${readerId} and unread > 0 order by peer_id`;
  for (const { id } of senders) await markSeen(app, readerId, { conversationWith: id });
}

async function reportOne(world: World, { by, on, reason, decision }: SeededReport): Promise<void> {
  const ids = { user: world.accounts.map(({ id }) => id), video: world.videoIds, comment: world.commentIds }[on.type];
  const draft = { targetType: on.type, targetId: ids[on.index]!, reason };
  const { report } = await createReport(world.app, actorOf(world, by), draft);
  if (!decision) return;
  await decideReport(world.app, { userId: idOf(world, MODERATOR) }, report.id, { status: decision, result: null });
}

function idOf({ accounts }: World, person: number): number {
  return accounts[person]!.id;
}

/** The person as the operations see them, without a session. */
function actorOf(world: World, person: number): Actor {
  const role = person === MODERATOR ? "moderator" : "user";
  return {
    userId: idOf(world, person),
    sessionId: 0,
    role,
    expiresAtMs: Number.MAX_SAFE_INTEGER,
    tokenVersion: 0,
  };
}

/** In the list's order, so many at a time. */
async function inTurns<T, R>(list: readonly T[], work: (each: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < list.length; start += AT_ONCE) {
    results.push(...(await Promise.all(list.slice(start, start + AT_ONCE).map(work))));
  }
  return results;
}
