import type { ListedVideo, Video } from "@reelay/contract";
import type { App } from "../../app.ts";
import type { Queryable, Tx } from "../../platform/postgres.ts";
import { boundOf, type Page } from "../../platform/sql-fragments.ts";
import { likePattern, MIN_PART_LENGTH, type Search, searching } from "../../platform/text-search.ts";
import { readUser, type Viewer } from "../accounts/accounts.ts";
import { forViewer, type StoredVideo } from "./urls.ts";
import { isVisible, videoColumns } from "./videos.ts";

/** A page of a list that grows: `beforeId` stands still while new videos come, `skip` does not. */
export type VideoPage = Page & { beforeId?: number | undefined };

/** Public videos, the newest first. */
export async function listFeed(app: App, viewer: Viewer, page: VideoPage): Promise<Video[]> {
  const { sql } = app;
  const videos: StoredVideo[] = await sql`
    select ${videoColumns(sql, viewer)} from videos v join accounts a on a.id = v.owner_id
    where is_shown(v) and a.status = 'active' and v.id < ${boundOf(sql, page.beforeId)}
    order by v.id desc offset ${page.skip} limit ${page.limit}`;
  return forViewer(app, viewer, videos);
}

/** Which of them staff wants: with `isAll` also what is deleted or of banned accounts; the hidden ones, or the others. */
export type StaffFilter = { isAll: boolean; isHidden: boolean | undefined };

/** Everybody's for moderators and admins: private and hidden ones, too. */
export async function listForStaff(
  app: App,
  staff: NonNullable<Viewer>,
  page: VideoPage,
  { isAll, isHidden }: StaffFilter,
): Promise<ListedVideo[]> {
  const { sql } = app;
  const videos: StoredVideo<ListedVideo>[] = await sql`
    select ${videoColumns(sql, staff)}, wire_time(v.deleted_at) as "deletedAt"
    from videos v join accounts a on a.id = v.owner_id
    where a.status <> 'deleted' and (${isAll} or (v.deleted_at is null and a.status = 'active'))
      ${whereHidden(sql, isHidden)} and v.id < ${boundOf(sql, page.beforeId)}
    order by v.id desc offset ${page.skip} limit ${page.limit}`;
  return forViewer(app, staff, videos);
}

/** Public videos of those the viewer follows, the newest first. Of each no more is read than the page could hold. */
export async function listFollowed(app: App, viewer: NonNullable<Viewer>, page: VideoPage): Promise<Video[]> {
  const { sql } = app;
  const videos: StoredVideo[] = await sql`
    with newest as (
      select n.id from follows f
      join accounts o on o.id = f.followee_id and o.status = 'active'
      cross join lateral (
        select w.id from videos w
        where w.owner_id = o.id and is_shown(w) and w.id < ${boundOf(sql, page.beforeId)}
        order by w.id desc limit ${page.skip + page.limit}
      ) n
      where f.follower_id = ${viewer.userId} and f.deleted_at is null
      order by n.id desc offset ${page.skip} limit ${page.limit}
    )
    select ${videoColumns(sql, viewer)} from newest n join videos v on v.id = n.id join accounts a on a.id = v.owner_id
    order by v.id desc`;
  return forViewer(app, viewer, videos);
}

/**
 * The videos of one user, the newest first; private ones only for their owner.
 * @throws ApiError USER_NOT_FOUND
 */
export async function listByUser(app: App, viewer: Viewer, userId: number, page: VideoPage): Promise<Video[]> {
  const { sql } = app;
  await readUser(app, viewer, userId);
  const videos: StoredVideo[] = await sql`
    select ${videoColumns(sql, viewer)} from videos v join accounts a on a.id = v.owner_id
    where v.owner_id = ${userId} and ${isVisible(sql, viewer)} and v.id < ${boundOf(sql, page.beforeId)}
    order by v.id desc offset ${page.skip} limit ${page.limit}`;
  return forViewer(app, viewer, videos);
}

/**
 * Public videos by any part of title and description; two characters and fewer by the beginning of the title.
 * @throws ApiError SERVER_BUSY
 */
export async function searchVideos(app: App, viewer: Viewer, search: Search, page: VideoPage): Promise<Video[]> {
  const videos = await searching(app, search, async (tx, { text, length, ...look }) => {
    const isPart = length >= MIN_PART_LENGTH;
    const isIndexed = isPart ? look.isIndexedAsPart : look.isIndexedAsBeginning;
    return isIndexed ? await findByText(tx, viewer, { text, isPart }, page) : [];
  });
  return forViewer(app, viewer, videos);
}

/** A predicate of its own each, as an index has the hidden ones. */
function whereHidden(db: Queryable, isHidden: boolean | undefined) {
  if (isHidden === undefined) return db``;
  return isHidden ? db`and v.hidden_at is not null` : db`and v.hidden_at is null`;
}

type Wanted = { text: string; isPart: boolean };

/** The text begins with the title. A pattern of any length is looked up by its trigrams, of which a beginning has more. */
async function findByText(tx: Tx, viewer: Viewer, { text, isPart }: Wanted, page: VideoPage): Promise<StoredVideo[]> {
  return await tx`
    select ${videoColumns(tx, viewer)} from videos v join accounts a on a.id = v.owner_id
    where is_shown(v) and a.status = 'active' and v.id < ${boundOf(tx, page.beforeId)}
      and v.search like (${isPart ? "%" : ""} || ${likePattern(tx, text)} || '%') escape '!'
    order by v.id desc offset ${page.skip} limit ${page.limit}`;
}
