import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import { ApiError, fail } from "../../platform/api-error.ts";
import type { Queryable } from "../../platform/postgres.ts";
import { findBan } from "../decisions/decisions.ts";
import { type Attempt, PRIORITY, provePassword } from "./passwords.ts";
import { refuseBanned } from "./standing.ts";

/** `identifier` is an e-mail address or a username. */
export type Credentials = Attempt & { identifier: string };
export type Credential = { userId: number; passwordHash: string };

/**
 * Whose credentials these are. Every way to be wrong gives the same answer in the same time; only the right password
 * of a banned account learns of the ban.
 * @throws ApiError INVALID_CREDENTIALS, RATE_LIMIT, ACCOUNT_BANNED
 */
export async function checkCredentials(app: App, credentials: Credentials): Promise<Credential> {
  const { identifier, network, isShared } = credentials;
  const isFrequent = !isShared && (await app.limits.logins.spend(network)) > 0;
  const found = await findCredential(app.sql, identifier);
  const countedBy = `as:${identifier.toLowerCase()}`;
  // Of nobody, too: counting once less would be quicker.
  const account = found ? accountKey(found.userId) : `nobody:${countedBy}`;
  const claim = { countedBy, account, hash: found?.passwordHash ?? null };
  await provePassword(app, claim, credentials, isFrequent ? PRIORITY.signup : PRIORITY.login).catch(
    logged(app, "login failed", { address: credentials.address, userId: found?.userId }),
  );
  if (!found) throw fail("INVALID_CREDENTIALS");
  await refuseBanned(app, found.userId).catch((error) => refuseWithAppeal(app, found.userId, error));
  return found;
}

/** Here a banned user has proved who they are: the refusal lets them appeal. */
async function refuseWithAppeal(app: App, userId: number, error: unknown): Promise<never> {
  const isBan = error instanceof ApiError && error.code === "ACCOUNT_BANNED";
  const decisionId = isBan ? await findBan(app.sql, userId) : null;
  if (!isBan || decisionId === null) throw error;
  const appealToken = await app.appealTokens.sign({ userId, decisionId });
  throw fail("ACCOUNT_BANNED", { message: error.message, details: { ...error.details, appealToken } });
}

/** Asks a signed-in person for their password once more. */
export async function checkOwnPassword(app: App, actor: Actor, attempt: Attempt): Promise<Credential> {
  const found = await readCredential(app.sql, actor.userId);
  const claim = { countedBy: accountKey(actor.userId), account: null, hash: found?.passwordHash ?? null };
  await provePassword(app, claim, attempt).catch(
    logged(app, "password check failed", { address: attempt.address, userId: actor.userId }),
  );
  if (!found) throw fail("UNAUTHORIZED");
  return found;
}

/** For an operator who looks for guessing: from where, and at which account if there is one; nothing of what was sent. */
function logged({ log }: App, message: string, who: { address: string; userId: number | undefined }) {
  return (error: unknown): never => {
    if (error instanceof ApiError) log.warn({ ...who, code: error.code }, message);
    throw error;
  };
}

function accountKey(userId: number): string {
  return `id:${userId}`;
}

async function findCredential(db: Queryable, identifier: string): Promise<Credential | undefined> {
  const [credential] = identifier.includes("@")
    ? await db`
        select id::float8 as "userId", password_hash as "passwordHash" from accounts
        where lower(email) = lower(${identifier}) and password_hash is not null`
    : await db`
        select id::float8 as "userId", password_hash as "passwordHash" from accounts
        where lower(username) = lower(${identifier}) and password_hash is not null`;
  return credential;
}

async function readCredential(db: Queryable, userId: number): Promise<Credential | undefined> {
  const [credential] = await db`
    select id::float8 as "userId", password_hash as "passwordHash" from accounts
    where id = ${userId} and password_hash is not null`;
  return credential;
}
