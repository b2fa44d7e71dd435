import { createHash, randomBytes } from "node:crypto";
import type { Changed, ChangePassword, LoginResponse, Session } from "@reelay/contract";
import type { z } from "zod";
import type { Actor } from "../../access/caller.ts";
import { accessChanged } from "../../access/changes.ts";
import type { App } from "../../app.ts";
import { commit } from "../../delivery/commit.ts";
import type { Origin } from "../../http/origin.ts";
import { fail } from "../../platform/api-error.ts";
import type { Queryable, Tx } from "../../platform/postgres.ts";
import { readOwnUser } from "./accounts.ts";
import { type Credential, type Credentials, checkCredentials, checkOwnPassword } from "./credentials.ts";
import { hashPassword } from "./passwords.ts";
import { refuseBanned } from "./standing.ts";

/** What a session is made from: what its owner recognises it by later. */
export type Device = { address: string; userAgent: string | null };

/** Of one user. A login beyond it ends the session that was used longest ago. */
const MAX_SESSIONS = 100;
/** So that no login takes long, however many there are. */
const MAX_REVOKED_AT_LOGIN = 1000;
/** After its first use: as long as two tabs, or an answer that was lost and its repetition, may be apart. */
const SIBLING_WINDOW_MS = 60_000;

/** @throws ApiError INVALID_CREDENTIALS, RATE_LIMIT, ACCOUNT_BANNED */
export async function login(app: App, credentials: Credentials, device: Device): Promise<LoginResponse> {
  const credential = await checkCredentials(app, credentials);
  const token = newRefreshToken(app);
  const opened = await openSession(app.sql, credential, device, token);
  // The account was banned or deleted, or its password changed, while the password was being checked.
  if (!opened) throw fail("INVALID_CREDENTIALS");
  await revoking(app, credential.userId, (tx) => revokeOldest(tx, credential.userId));
  return await answerWith(app, { ...opened, userId: credential.userId }, token.secret);
}

/**
 * Exchanges a refresh token for a new one. For a minute after its first use it gives siblings of that one, each as good
 * as the other. One that comes later was stolen, from us or by us: its session ends, and with it every token that came
 * from the same login.
 * @throws ApiError UNAUTHORIZED, ACCOUNT_BANNED
 */
export async function refresh(app: App, refreshToken: string): Promise<LoginResponse> {
  const usedHash = hashOf(refreshToken);
  const userId = await findHolder(app.sql, usedHash);
  if (userId === null) throw fail("UNAUTHORIZED");
  await refuseBanned(app, userId);
  const token = newRefreshToken(app);
  const nowMs = app.clock.now();
  const times = { now: new Date(nowMs), siblingsSince: new Date(nowMs - SIBLING_WINDOW_MS) };
  const rotated = await rotate(app.sql, userId, { usedHash, ...times, ...token });
  if (rotated) return await answerWith(app, { ...rotated, userId }, token.secret);
  await revoking(app, userId, (tx) => revokeReused(tx, usedHash, times.siblingsSince));
  throw fail("UNAUTHORIZED");
}

export async function logout(app: App, actor: Actor): Promise<Changed> {
  const changed = await revoking(app, actor.userId, (tx) => revokeOne(tx, actor.userId, actor.sessionId));
  return { success: true, changed };
}

/** The sessions that can still be used, the latest first. */
export async function listSessions({ sql, clock }: App, actor: Actor): Promise<Session[]> {
  return await sql`
    select s.id::float8 as id, wire_time(s.created_at) as "createdAt", wire_time(s.last_used_at) as "lastUsedAt",
      s.user_agent as "userAgent", s.address, s.id = ${actor.sessionId} as "isCurrent"
    from sessions s
    where s.user_id = ${actor.userId} and s.revoked_at is null and exists (
      select from refresh_tokens t where t.session_id = s.id and t.expires_at > ${new Date(clock.now())})
    order by s.last_used_at desc, s.id desc limit ${MAX_SESSIONS}`;
}

/** @throws ApiError SESSION_NOT_FOUND when it is not the actor's own */
export async function revokeSession(app: App, actor: Actor, sessionId: number): Promise<Changed> {
  if (!(await ownsSession(app.sql, actor.userId, sessionId))) throw fail("SESSION_NOT_FOUND");
  const changed = await revoking(app, actor.userId, (tx) => revokeOne(tx, actor.userId, sessionId));
  return { success: true, changed };
}

/** Sets a new password and ends every session but the one it is done from. */
export async function changePassword(
  app: App,
  actor: Actor,
  { currentPassword, newPassword }: z.infer<typeof ChangePassword>,
  origin: Origin,
): Promise<Changed> {
  const before = await checkOwnPassword(app, actor, { ...origin, password: currentPassword });
  const passwordHash = await hashPassword(newPassword);
  await revoking(app, actor.userId, async (tx) => {
    if (!(await replacePassword(tx, before, passwordHash))) throw fail("INVALID_CREDENTIALS");
    return await revokeOthers(tx, actor.userId, actor.sessionId);
  });
  return { success: true, changed: true };
}

/** Ends every session of an account and returns how many stood. */
export async function revokeAllSessions(tx: Tx, userId: number): Promise<number> {
  const rows = await tx`
    update sessions set revoked_at = now() where user_id = ${userId} and revoked_at is null returning id`;
  return rows.length;
}

/** Not before the last of them can have given its last sibling. */
export async function removeExpiredRefreshTokens({ sql, clock }: App): Promise<void> {
  await sql`delete from refresh_tokens where expires_at <= ${new Date(clock.now() - SIBLING_WINDOW_MS)}`;
}

type OpenSession = { sessionId: number; tokenVersion: number };
type NewToken = { secret: string; hash: Buffer; expiresAt: Date };
/** `siblingsSince`: a token that was used for the first time since then gives a sibling. */
type Rotation = NewToken & { usedHash: Buffer; now: Date; siblingsSince: Date };

async function answerWith(app: App, session: OpenSession & { userId: number }, refreshToken: string) {
  const { token, expiresIn } = await app.tokens.sign(session);
  const user = await readOwnUser(app, session.userId);
  return { accessToken: token, refreshToken, expiresIn, user, access_token: token, token_type: "bearer" as const };
}

/** Runs `revoke` in a transaction; when it says that something was revoked, every process and socket looks again. */
async function revoking(app: App, userId: number, revoke: (tx: Tx) => Promise<boolean>): Promise<boolean> {
  return await commit(app, async (tx) => {
    const isRevoked = await revoke(tx);
    if (isRevoked) await accessChanged(tx, userId);
    return isRevoked;
  });
}

function newRefreshToken({ clock, config }: App): NewToken {
  const secret = newSecret();
  return { secret, hash: hashOf(secret), expiresAt: new Date(clock.now() + config.refreshTokenTtlSeconds * 1000) };
}

function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/** Only while the account is what it was when the password was checked. */
async function openSession(
  db: Queryable,
  { userId, passwordHash }: Credential,
  { userAgent, address }: Device,
  token: NewToken,
): Promise<OpenSession | undefined> {
  const [opened] = await db`
    with account as (
      select id, token_version from accounts
      where id = ${userId} and status = 'active' and password_hash = ${passwordHash} for share
    ),
    session as (
      insert into sessions (user_id, user_agent, address) select id, ${userAgent}, ${address} from account returning id
    ),
    token as (
      insert into refresh_tokens (token_hash, session_id, expires_at)
      select ${token.hash}, id, ${token.expiresAt} from session
    )
    select session.id::float8 as "sessionId", account.token_version as "tokenVersion" from session, account`;
  return opened;
}

async function findHolder(db: Queryable, tokenHash: Buffer): Promise<number | null> {
  const [row] = await db`
    select s.user_id::float8 as "userId" from refresh_tokens t join sessions s on s.id = t.session_id
    where t.token_hash = ${tokenHash}`;
  return row?.userId ?? null;
}

/**
 * Of any number of calls with the same token, on any number of nodes, exactly one finds it unused. The others wait for
 * its row, then read the time of that first use, which stays.
 */
async function rotate(db: Queryable, userId: number, rotation: Rotation): Promise<OpenSession | undefined> {
  const [rotated] = await db`
    with account as (
      select id, token_version from accounts where id = ${userId} and status = 'active' for share
    ),
    used as (
      update refresh_tokens t set used_at = coalesce(t.used_at, ${rotation.now})
      from sessions s, account a
      where t.token_hash = ${rotation.usedHash}
        and (t.used_at > ${rotation.siblingsSince} or (t.used_at is null and t.expires_at > ${rotation.now}))
        and s.id = t.session_id and s.revoked_at is null and s.user_id = a.id
      returning t.session_id
    ),
    fresh as (
      insert into refresh_tokens (token_hash, session_id, expires_at)
      select ${rotation.hash}, session_id, ${rotation.expiresAt} from used
    ),
    touched as (update sessions set last_used_at = now() where id in (select session_id from used))
    select used.session_id::float8 as "sessionId", account.token_version as "tokenVersion" from used, account`;
  return rotated;
}

async function revokeReused(tx: Tx, tokenHash: Buffer, siblingsSince: Date): Promise<boolean> {
  const rows = await tx`
    update sessions set revoked_at = now()
    where revoked_at is null and id = (
      select session_id from refresh_tokens where token_hash = ${tokenHash} and used_at <= ${siblingsSince})
    returning id`;
  return rows.length > 0;
}

async function revokeOne(tx: Tx, userId: number, sessionId: number): Promise<boolean> {
  const rows = await tx`
    update sessions set revoked_at = now()
    where id = ${sessionId} and user_id = ${userId} and revoked_at is null returning id`;
  return rows.length > 0;
}

async function revokeOldest(tx: Tx, userId: number): Promise<boolean> {
  const rows = await tx`
    update sessions set revoked_at = now() where id in (
      select id from sessions where user_id = ${userId} and revoked_at is null
      order by last_used_at desc, id desc offset ${MAX_SESSIONS} limit ${MAX_REVOKED_AT_LOGIN})
    returning id`;
  return rows.length > 0;
}

async function revokeOthers(tx: Tx, userId: number, keptId: number): Promise<boolean> {
  const rows = await tx`
    update sessions set revoked_at = now()
    where user_id = ${userId} and id <> ${keptId} and revoked_at is null returning id`;
  return rows.length > 0;
}

async function ownsSession(db: Queryable, userId: number, sessionId: number): Promise<boolean> {
  const rows = await db`select id from sessions where id = ${sessionId} and user_id = ${userId}`;
  return rows.length > 0;
}

async function replacePassword(tx: Tx, before: Credential, passwordHash: string): Promise<boolean> {
  const rows = await tx`
    update accounts set password_hash = ${passwordHash}
    where id = ${before.userId} and password_hash = ${before.passwordHash} and status = 'active' returning id`;
  return rows.length > 0;
}
