import type { FieldError, OwnUser, UpdateProfile } from "@reelay/contract";
import type { z } from "zod";
import { tooMany } from "../../access/budgets.ts";
import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import type { Origin } from "../../http/origin.ts";
import { fail } from "../../platform/api-error.ts";
import type { Queryable } from "../../platform/postgres.ts";
import { explainTaken, readOwnUser } from "./accounts.ts";
import { checkOwnPassword } from "./credentials.ts";
import { refuseUnfitName } from "./names.ts";

type Profile = { username: string; email: string; fullName: string | null; bio: string | null };

/**
 * Changes the fields that are there; an empty full name or bio is none. What stays as it was costs nothing and needs no
 * password. Whether an address is registered is said only after the budget and the password.
 * @throws ApiError EMAIL_TAKEN, USERNAME_TAKEN, INVALID_CREDENTIALS, RATE_LIMIT
 */
export async function updateProfile(
  app: App,
  actor: Actor,
  { currentPassword, ...wanted }: z.infer<typeof UpdateProfile>,
  origin: Origin,
): Promise<OwnUser> {
  const before = await findProfile(app.sql, actor.userId);
  if (!before) throw fail("UNAUTHORIZED");
  const changes = changesOf(before, wanted);
  if (Object.keys(changes).length > 0) {
    await spendOrRefuse(app, "profileChanges", actor);
    if (changes.username) refuseUnfitName(changes.username);
    if (changes.email) await requirePassword(app, actor, currentPassword, origin);
    await apply(app, actor, changes);
  }
  return await readOwnUser(app, actor.userId);
}

/** Those of the fields that would not stay as they are. */
function changesOf(before: Profile, { fullName, bio, ...names }: z.infer<typeof UpdateProfile>): Partial<Profile> {
  const wanted = {
    ...names,
    ...(fullName !== undefined && { fullName: fullName || null }),
    ...(bio !== undefined && { bio: bio || null }),
  };
  const changed = Object.entries(wanted).filter(([field, value]) => value !== before[field as keyof Profile]);
  return Object.fromEntries(changed);
}

async function requirePassword(app: App, actor: Actor, password: string | undefined, origin: Origin): Promise<void> {
  const details: FieldError[] = [{ path: "currentPassword", message: "is required to change the e-mail address" }];
  if (password === undefined) throw fail("VALIDATION_ERROR", { details });
  await checkOwnPassword(app, actor, { ...origin, password });
}

/** A username counts once it is changed: trying one that is taken takes nothing from the two of a day. */
async function apply(app: App, actor: Actor, changes: Partial<Profile>): Promise<void> {
  if (changes.username) await spendOrRefuse(app, "usernameChanges", actor);
  try {
    const isChanged = await explainTaken(() => updateAccount(app.sql, actor.userId, changes));
    if (!isChanged) throw fail("UNAUTHORIZED");
  } catch (error) {
    if (changes.username) await app.limits.usernameChanges.refund(actor.userId);
    throw error;
  }
}

async function spendOrRefuse(app: App, budget: "profileChanges" | "usernameChanges", { userId }: Actor): Promise<void> {
  const waitMs = await app.limits[budget].spend(userId);
  if (waitMs > 0) throw tooMany(waitMs);
}

async function findProfile(db: Queryable, userId: number): Promise<Profile | undefined> {
  const [profile] = await db`
    select username, email, full_name as "fullName", bio from accounts where id = ${userId} and status = 'active'`;
  return profile;
}

async function updateAccount(db: Queryable, userId: number, changes: Partial<Profile>): Promise<boolean> {
  const { username, email, fullName, bio } = changes;
  const rows = await db`
    update accounts set
      username = coalesce(${username ?? null}, username),
      email = coalesce(${email ?? null}, email),
      full_name = case when ${fullName !== undefined} then ${fullName ?? null} else full_name end,
      bio = case when ${bio !== undefined} then ${bio ?? null} else bio end
    where id = ${userId} and status = 'active' returning id`;
  return rows.length > 0;
}
