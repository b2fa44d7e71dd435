import type { FieldError } from "@reelay/contract";
import { fail } from "../../platform/api-error.ts";

/** The names that deleted accounts get. */
const DELETED = /^deleted_\d+$/i;

/** A user with one of these names could pass for the staff of the service. Compared without dots and underscores. */
const OFFICIAL: ReadonlySet<string> = new Set(
  `
  abuse admin administration administrator admins anonymous api billing contact customerservice deleted help helpdesk
  hostmaster info legal mod moderation moderator moderators mods noreply notifications null official police postmaster
  privacy reelay reelayadmin reelayapp reelayhelp reelaymoderation reelaymoderator reelayofficial reelaysecurity
  reelaystaff reelaysupport reelayteam root safety security service staff superuser support supportteam sysadmin
  system team trustandsafety undefined webmaster
  `
    .trim()
    .split(/\s+/),
);

/**
 * Refuses a username that nobody may choose for themselves.
 * @throws ApiError USERNAME_TAKEN, VALIDATION_ERROR
 */
export function refuseUnfitName(username: string): void {
  const plain = username.toLowerCase().replaceAll(/[._]/g, "");
  if (DELETED.test(username) || OFFICIAL.has(plain)) throw fail("USERNAME_TAKEN");
  requireLetter(username);
}

/**
 * A name of digits could be taken for an id.
 * @throws ApiError VALIDATION_ERROR
 */
export function requireLetter(username: string): void {
  if (hasLetter(username)) return;
  const details: FieldError[] = [{ path: "username", message: "must contain a letter" }];
  throw fail("VALIDATION_ERROR", { message: "A username must contain a letter.", details });
}

export function hasLetter(username: string): boolean {
  return /[a-z]/i.test(username);
}
