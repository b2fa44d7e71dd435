import type { ListedUser, OwnUser, Register, Role, User } from "@reelay/contract";
import type { z } from "zod";
import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import { fail } from "../../platform/api-error.ts";
import { type Queryable, type Tx, violatedUnique } from "../../platform/postgres.ts";
import type { Page } from "../../platform/sql-fragments.ts";
import { bigints } from "../../platform/sql-fragments.ts";
import { likePattern, MIN_PART_LENGTH, type Search, searching } from "../../platform/text-search.ts";
import { refuseUnfitName } from "./names.ts";
import { hashPassword, PRIORITY } from "./passwords.ts";
import { personColumns } from "./person.ts";

/** Whose eyes a user is seen with; null: nobody's who is signed in. */
export type Viewer = Pick<Actor, "userId"> | null;

/**
 * `signal`: of the request, so that nothing is done for a caller who has left.
 * @throws ApiError EMAIL_TAKEN, USERNAME_TAKEN, SERVER_BUSY
 */
export async function register(app: App, draft: z.infer<typeof Register>, signal?: AbortSignal): Promise<OwnUser> {
  refuseUnfitName(draft.username);
  const passwordHash = await hashPassword(draft.password, { priority: PRIORITY.signup, signal });
  const userId = await explainTaken(() => insertAccount(app.sql, draft, passwordHash));
  return await readOwnUser(app, userId);
}

/** The account itself, with what only its owner sees. */
export async function readOwnUser(app: App, userId: number): Promise<OwnUser> {
  const user = await findOwnUser(app.sql, userId);
  if (!user) throw fail("UNAUTHORIZED");
  return user;
}

/** @throws ApiError USER_NOT_FOUND for banned and deleted accounts too */
export async function readUser(app: App, viewer: Viewer, userId: number): Promise<User> {
  const user = await findUser(app.sql, viewer, userId);
  if (!user) throw fail("USER_NOT_FOUND");
  return user;
}

/**
 * For operators, who name an account by its id, username or e-mail address. Several when the id of one is the username of
 * another: nobody can choose such a name any more, but somebody may have.
 */
export async function findAccounts({ sql }: App, named: string): Promise<number[]> {
  const id = /^\d{1,15}$/.test(named) ? Number(named) : null;
  const rows: { id: number }[] = await sql`
    select id::float8 as id from accounts
    where status <> 'deleted' and (id = ${id} or lower(username) = lower(${named}) or lower(email) = lower(${named}))`;
  return rows.map((row) => row.id);
}

export async function listUsers({ sql }: App, viewer: Viewer, { skip, limit }: Page): Promise<ListedUser[]> {
  return await sql`
    select ${userColumns(sql, viewer)} from accounts a
    where a.status = 'active' order by a.id desc offset ${skip} limit ${limit}`;
}

/** The same for moderators and admins: banned accounts, too, and what only staff may know of each. */
export async function listUsersForStaff({ sql }: App, staff: Actor, { skip, limit }: Page): Promise<ListedUser[]> {
  return await sql`
    select ${userColumns(sql, staff)}, a.email, a.role, a.status, a.status = 'banned' as "isBanned" from accounts a
    where a.status <> 'deleted' order by a.id desc offset ${skip} limit ${limit}`;
}

/**
 * By any part of username and full name; two characters and fewer by the beginning of the username.
 * @throws ApiError SERVER_BUSY
 */
export async function searchUsers(app: App, viewer: Viewer, search: Search, page: Page): Promise<User[]> {
  return await searching(app, search, async (tx, { text, length, isIndexedAsPart }) => {
    if (length < MIN_PART_LENGTH) return await findByPrefix(tx, viewer, text, page);
    return isIndexedAsPart ? await findByPart(tx, viewer, text, page) : [];
  });
}

/**
 * The select list of a public user; the account is `a`. Not `exists`: that may be run as a hash of everyone who follows
 * the viewer.
 */
export function userColumns(db: Queryable, viewer: Viewer) {
  const viewerId = viewer?.userId ?? null;
  return db`
    ${personColumns(db)}, a.bio,
    a.is_verified as "isVerified", wire_time(a.created_at) as "createdAt", a.follower_count as "followerCount",
    a.following_count as "followingCount", a.video_count as "videoCount",
    case when ${viewerId}::bigint is not null then (select count(*) > 0
      from follows f where f.follower_id = ${viewerId} and f.followee_id = a.id and f.deleted_at is null) end as "isFollowing",
    case when ${viewerId}::bigint is not null then (select count(*) > 0
      from follows f where f.follower_id = a.id and f.followee_id = ${viewerId} and f.deleted_at is null) end as "followsMe",
    case when ${viewerId}::bigint is not null then (select count(*) > 0
      from blocks b where b.blocker_id = ${viewerId} and b.blocked_id = a.id) end as "isBlocked"`;
}

export type LockedAccount = { id: number; role: Role; status: OwnUser["status"]; followerCount: number };

/**
 * Locks accounts to the end of the transaction, in the order every transaction takes them: before any other row.
 * Those that do not exist are absent from the answer.
 */
export async function lockAccounts(tx: Tx, ids: readonly number[]): Promise<Map<number, LockedAccount>> {
  const rows: LockedAccount[] = await tx`
    select id::float8 as id, role, status, follower_count as "followerCount" from accounts
    where id = any(${bigints(tx, ids)}) order by id for no key update`;
  return new Map(rows.map((row) => [row.id, row]));
}

/** Says which of the names that were to be written is somebody else's. */
export async function explainTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const index = violatedUnique(error);
    if (index === "accounts_email_key") throw fail("EMAIL_TAKEN");
    if (index === "accounts_username_key") throw fail("USERNAME_TAKEN");
    throw error;
  }
}

async function insertAccount(db: Queryable, draft: z.infer<typeof Register>, passwordHash: string): Promise<number> {
  const [row] = await db`
    insert into accounts (email, username, full_name, password_hash)
    values (${draft.email}, ${draft.username}, ${draft.fullName || null}, ${passwordHash})
    returning id::float8 as id`;
  return row.id;
}

async function findOwnUser(db: Queryable, userId: number): Promise<OwnUser | undefined> {
  const [user] = await db`
    select ${userColumns(db, { userId })}, a.email, a.role, a.status,
      coalesce(s.unseen_notifications, 0) as "unseenNotifications", coalesce(s.unread_messages, 0) as "unreadMessages"
    from accounts a left join user_streams s on s.user_id = a.id
    where a.id = ${userId} and a.status <> 'deleted'`;
  return user;
}

async function findUser(db: Queryable, viewer: Viewer, userId: number): Promise<User | undefined> {
  const [user] = await db`
    select ${userColumns(db, viewer)} from accounts a where a.id = ${userId} and a.status = 'active'`;
  return user;
}

async function findByPrefix(tx: Tx, viewer: Viewer, prefix: string, { skip, limit }: Page): Promise<User[]> {
  return await tx`
    select ${userColumns(tx, viewer)} from accounts a
    where a.status = 'active' and fold(a.username) like (${likePattern(tx, prefix)} || '%') escape '!'
    order by a.follower_count desc, a.id offset ${skip} limit ${limit}`;
}

async function findByPart(tx: Tx, viewer: Viewer, part: string, { skip, limit }: Page): Promise<User[]> {
  return await tx`
    select ${userColumns(tx, viewer)} from accounts a
    where a.status = 'active' and a.search like ('%' || ${likePattern(tx, part)} || '%') escape '!'
    order by a.follower_count desc, a.id offset ${skip} limit ${limit}`;
}
