import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import { fail } from "../../platform/api-error.ts";
import { type Queryable, retrying } from "../../platform/postgres.ts";
import { refuseBanned } from "../accounts/standing.ts";
import { isVisible } from "./videos.ts";

const HOUR_MS = 3_600_000;
const FORGET_AT_ONCE = 5000;

/** Counts that the actor looked at a video, once an hour; returns how often it was looked at. */
export async function countView(app: App, actor: Actor, videoId: number): Promise<{ viewsCount: number }> {
  return { viewsCount: await count(app, actor, videoId, "view") };
}

/** The same for passing it on. */
export async function countShare(app: App, actor: Actor, videoId: number): Promise<{ sharesCount: number }> {
  return { sharesCount: await count(app, actor, videoId, "share") };
}

/** Who looked at what in hours that are over is not needed to count once in this one. */
export async function forgetViews({ sql, clock }: App): Promise<void> {
  const before = hourOf(clock.now());
  while ((await forgetSome(sql, before)) === FORGET_AT_ONCE);
}

type Kind = "view" | "share";

/** @throws ApiError VIDEO_NOT_FOUND */
async function count(app: App, { userId }: Actor, videoId: number, kind: Kind): Promise<number> {
  const total = await retrying(() => addOnce(app.sql, userId, videoId, kind, hourOf(app.clock.now())));
  if (total !== undefined) return total;
  await refuseBanned(app, userId);
  throw fail("VIDEO_NOT_FOUND");
}

async function forgetSome(db: Queryable, before: Date): Promise<number> {
  const rows = await db`
    delete from video_views where ctid = any(array(
      select ctid from video_views where hour < ${before} limit ${FORGET_AT_ONCE}))
    returning 1`;
  return rows.length;
}

function hourOf(nowMs: number): Date {
  return new Date(nowMs - (nowMs % HOUR_MS));
}

/** Returns the count as it is now; undefined when the viewer may not know of the video, or is not active. */
async function addOnce(
  db: Queryable,
  viewerId: number,
  videoId: number,
  kind: Kind,
  hour: Date,
): Promise<number | undefined> {
  const [row] = await db`
    with video as (
      select v.id, v.views_count, v.shares_count from videos v
      join accounts a on a.id = v.owner_id
      join accounts viewer on viewer.id = ${viewerId} and viewer.status = 'active'
      where v.id = ${videoId} and ${isVisible(db, { userId: viewerId })}
    ),
    seen as (
      insert into video_views (video_id, viewer_id, kind, hour)
      select id, ${viewerId}, ${kind}, ${hour} from video on conflict do nothing returning video_id
    ),
    moved as (
      update videos set
        views_count = views_count + (${kind} = 'view')::integer,
        shares_count = shares_count + (${kind} = 'share')::integer
      where id in (select video_id from seen) returning views_count, shares_count
    )
    select case when ${kind} = 'view' then coalesce(m.views_count, v.views_count)
      else coalesce(m.shares_count, v.shares_count) end as total
    from video v left join moved m on true`;
  return row?.total;
}
