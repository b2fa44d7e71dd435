import type { AdminVideo, AdminVideos, AdminVideosQuery } from "@reelay/contract";
import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import type { Fragment, Queryable } from "../../platform/postgres.ts";
import { bigints } from "../../platform/sql-fragments.ts";
import { likePattern, MIN_PART_LENGTH, type SearchText } from "../../platform/text-search.ts";
import { marked } from "../hiding/hiding.ts";
import { MEDIA_URL, THUMB_URL, VIDEO_URL } from "../media/media.ts";
import { type Day, readDays, readTotals } from "../stats/counters.ts";
import { readSortedAsOf } from "./listing-refresh.ts";
import { findListed, type Stream } from "./ordered-pages.ts";

const STANDINGS = {
  public: ["public"],
  private: ["private"],
  deleted: ["deleted"],
  all: ["public", "private"],
  any: ["public", "private", "deleted"],
};

/**
 * A page of videos. `signal`: of the request, so that a search is given up when the caller leaves.
 * @throws ApiError SERVER_BUSY
 */
export async function listVideos(
  app: App,
  staff: Actor,
  query: AdminVideosQuery,
  signal: AbortSignal,
): Promise<AdminVideos> {
  const days = query.created ? await readDays(app) : [];
  const sortedAsOf = query.sortBy === "created_at" ? undefined : await readSortedAsOf(app);
  const { ids, pagination } = await findListed(app, {
    wanted: query,
    search: query.search,
    signal,
    isIndexed: query.sortBy === "created_at" || !query.created,
    listing: (db, text) => {
      const pattern = text && patternOf(db, text);
      if (text && !pattern) return null;
      const matching = (standing: string) => (pattern ? matches(db, standing, pattern) : db`true`);
      const streams = streamsOf(db, query, days, pattern !== null, matching);
      return { streams, counted: pattern && countedOf(db, query, matching) };
    },
    knownTotal: await readTotal(app, query, days),
  });
  return { videos: await readVideos(app, staff, ids), pagination, ...(sortedAsOf && { sortedAsOf }) };
}

/** Videos by their ids, in that order. Addresses of files that are not public are signed where staff may open them. */
export async function readVideos(app: App, staff: Actor, ids: readonly number[]): Promise<AdminVideo[]> {
  const { sql } = app;
  const rows: StoredVideo[] = await sql`
    select v.id::float8 as id, v.title, v.description,
      coalesce(v.external_url, ${VIDEO_URL}::text || v.file_key) as "videoUrl",
      coalesce(v.external_thumb_url, ${THUMB_URL}::text || v.thumb_key) as "thumbUrl",
      v.visibility, v.hidden_at is not null as "isHidden", v.owner_id::float8 as "ownerId", a.username as "ownerUsername", a.avatar_url as "ownerAvatar",
      v.views_count as views, v.likes_count as likes, v.comments_count as comments, v.shares_count as shares,
      wire_time(v.created_at) as "createdAt", v.duration_seconds as duration, wire_time(v.deleted_at) as "deletedAt",
      (select count(*) > 0 from reports r
        where r.target_type = 'video' and r.target_id = v.id and r.status = 'pending') as "isUnderReport"
    from unnest(${bigints(sql, ids)}) with ordinality as wanted(id, place)
    join videos v on v.id = wanted.id join accounts a on a.id = v.owner_id
    order by wanted.place`;
  return rows.map((row) => openUrls(app, staff, row));
}

/** What the counters know; null: this combination of filters is counted. */
async function readTotal(
  { sql }: App,
  { search, visibility, created }: AdminVideosQuery,
  days: readonly Day[],
): Promise<number | null> {
  if (search !== "") return null;
  if (created) return visibility === "any" ? (days.at(-1)?.counts.videos_made ?? 0) : null;
  const totals = await readTotals(sql);
  return STANDINGS[visibility].reduce((sum, standing) => sum + (totals.get(`videos_${standing}`) ?? 0), 0);
}

/** By any part of title and description, or by the beginning of a short one; null: the index knows none of it. */
function patternOf(
  db: Queryable,
  { text, length, isIndexedAsPart, isIndexedAsBeginning }: SearchText,
): Fragment | null {
  if (length < MIN_PART_LENGTH) return isIndexedAsBeginning ? db`(${likePattern(db, text)} || '%')` : null;
  return isIndexedAsPart ? db`('%' || ${likePattern(db, text)} || '%')` : null;
}

/** Standing and deleted videos have an index of texts each, which is found by what it holds. */
function matches(db: Queryable, standing: string, pattern: Fragment): Fragment {
  const isThere = standing === "deleted" ? db`v.deleted_at is not null` : db`v.deleted_at is null`;
  return db`${isThere} and v.search like ${pattern} escape '!'`;
}

function streamsOf(
  db: Queryable,
  { visibility, sortBy, created }: AdminVideosQuery,
  days: readonly Day[],
  isSearch: boolean,
  matching: (standing: string) => Fragment,
): Stream[] {
  const keys = {
    created_at: db`l.created_at`,
    views: db`l.views_count`,
    likes: db`l.likes_count`,
    comments: db`l.comments_count`,
  };
  const inTime = created && days.at(-1) ? db`l.created_at >= ${days.at(-1)!.startsAt}` : db`true`;
  return STANDINGS[visibility].map((standing) => ({
    from: isSearch ? db`video_listing l join videos v on v.id = l.video_id` : db`video_listing l`,
    where: db`l.standing = ${standing} and ${inTime} and ${matching(standing)}`,
    id: db`l.video_id`,
    key: keys[sortBy],
  }));
}

/** Null: the table alone does not know all that is asked for. */
function countedOf(db: Queryable, { visibility, created }: AdminVideosQuery, matching: (standing: string) => Fragment) {
  if (created) return null;
  return STANDINGS[visibility].map((standing) => {
    const isStored = standing === "deleted" ? db`true` : db`v.visibility = ${standing}`;
    return { from: db`videos v`, where: db`${isStored} and ${matching(standing)}`, id: db`v.id` };
  });
}

type StoredVideo = Omit<AdminVideo, "isHidden"> & { isHidden: boolean; isUnderReport: boolean };

/** A hidden video's files are open to staff, a deleted one's while a report on it is pending. */
function openUrls({ signedUrls }: App, { userId }: Actor, { isUnderReport, ...stored }: StoredVideo): AdminVideo {
  const video = marked(stored);
  const isClosed = video.isHidden || (video.deletedAt !== null && isUnderReport);
  if (video.visibility === "public" && !isClosed) return video;
  const open = (url: string | null) => (url?.startsWith(MEDIA_URL) ? signedUrls.sign(url, userId) : url);
  return { ...video, videoUrl: open(video.videoUrl), thumbUrl: open(video.thumbUrl) };
}
