import { randomBytes } from "node:crypto";
import type { App } from "../../app.ts";
import { ApiError, fail } from "../../platform/api-error.ts";
import { type Queryable, type Tx, transaction } from "../../platform/postgres.ts";
import { recordAudit } from "../audit/audit.ts";
import { lockAdmins } from "./admins.ts";
import { hasLetter, requireLetter } from "./names.ts";
import { hashPassword } from "./passwords.ts";

export type NewAdmin = { email: string; username?: string; password: string };

const LOCAL_EMAIL = "admin@reelay.local";

/**
 * Sees to it that somebody can administer a new database: the admin of the configuration, or on the embedded database
 * one with a password made up here, which is answered once, to be shown. Null when there is nothing to show.
 */
export async function ensureFirstAdmin(
  app: App,
  isEmbedded: boolean,
): Promise<{ email: string; password: string } | null> {
  const given = app.config.firstAdmin;
  if (!(given || isEmbedded) || (await hasAdmin(app.sql))) return null;
  const admin = given ?? { email: LOCAL_EMAIL, password: randomBytes(18).toString("base64url") };
  try {
    const isMade = await createAdminUnlessOne(app, admin);
    return isMade && !given ? admin : null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    app.log.error({ email: admin.email, code: error.code }, "the first admin could not be made");
    return null;
  }
}

/**
 * Creates an account that is an admin from the start.
 * @throws ApiError EMAIL_TAKEN, USERNAME_TAKEN, VALIDATION_ERROR
 */
export async function createAdmin(app: App, admin: NewAdmin): Promise<{ id: number; username: string }> {
  if (admin.username !== undefined) requireLetter(admin.username);
  const passwordHash = await hashPassword(admin.password);
  return await transaction(app.sql, (tx) => addAdmin(tx, admin, passwordHash));
}

async function createAdminUnlessOne(app: App, admin: NewAdmin): Promise<boolean> {
  const passwordHash = await hashPassword(admin.password);
  return await transaction(app.sql, async (tx) => {
    await lockAdmins(tx);
    if (await hasAdmin(tx)) return false;
    await addAdmin(tx, admin, passwordHash);
    return true;
  });
}

async function addAdmin(tx: Tx, { email, username }: NewAdmin, passwordHash: string) {
  for (const candidate of username ? [username] : namesFor(email)) {
    const id = await insertAdmin(tx, email, candidate, passwordHash);
    if (id === null && (await isEmailTaken(tx, email))) throw fail("EMAIL_TAKEN");
    if (id === null) continue;
    await recordAudit(tx, { actorId: null, action: "admin_create", targetType: "user", targetId: id });
    return { id, username: candidate };
  }
  throw fail("USERNAME_TAKEN");
}

/** The part before the @ as far as it makes a username; with a random ending in case that is taken. */
function namesFor(email: string): string[] {
  const local = email
    .slice(0, email.indexOf("@"))
    .replace(/[^a-zA-Z0-9._]/g, "")
    .slice(0, 20);
  const name = local.length < 3 || !hasLetter(local) ? "admin" : local;
  return [name, `${name}_${randomBytes(4).toString("hex")}`];
}

async function hasAdmin(db: Queryable): Promise<boolean> {
  const rows = await db`select id from accounts where role = 'admin' limit 1`;
  return rows.length > 0;
}

async function insertAdmin(tx: Tx, email: string, username: string, passwordHash: string): Promise<number | null> {
  const [row] = await tx`
    insert into accounts (email, username, password_hash, role)
    values (${email}, ${username}, ${passwordHash}, 'admin')
    on conflict do nothing returning id::float8 as id`;
  return row?.id ?? null;
}

async function isEmailTaken(tx: Tx, email: string): Promise<boolean> {
  const rows = await tx`select id from accounts where lower(email) = lower(${email})`;
  return rows.length > 0;
}
