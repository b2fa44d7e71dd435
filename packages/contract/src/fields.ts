import { z } from "zod";
import { WORST_PASSWORDS } from "./worst-passwords.ts";

/** A JSON integer below 2^53. */
export const Id = z.int().positive().meta({ example: 7 });

/** ISO-8601, UTC, milliseconds. */
export const Timestamp = z.iso.datetime({ precision: 3 }).meta({ example: "2026-01-31T09:30:00.000Z" });

/** Never negative. */
export const Count = z.int().nonnegative();

/** The most rows that a list returns. */
export const MAX_PAGE_ROWS = 100;

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000d\u000e-\u001f\u007f-\u009f]/;

/** Free text of `min`..`max` characters after trimming: no control characters but `\n` and `\t`, no lone surrogate. */
export function text(min: number, max: number) {
  return z
    .string()
    .trim()
    .min(min)
    .max(max)
    .refine((value) => !CONTROL.test(value), "must not contain control characters")
    .refine((value) => value.isWellFormed(), "must be well-formed Unicode");
}

/** What is not seen, or turns the direction of what follows: two names that look alike would be different. */
const INVISIBLE =
  /[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0]/;
/** Joiners belong to emoji, to Arabic letters and behind marks like a virama; anywhere else they are not seen either. */
const STRAY_JOINER = /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Script=Arabic}\p{M}])[\u200c\u200d]/u;

/** The name of a person as it is shown: text without what is invisible. */
export function personName(max: number) {
  return text(0, max).refine(
    (value) => !INVISIBLE.test(value) && !STRAY_JOINER.test(value),
    "must not contain invisible characters",
  );
}

export const Username = z
  .string()
  .regex(/^[a-zA-Z0-9._]{3,30}$/, "3 to 30 of letters, digits, dot and underscore")
  .meta({ example: "an.nguyen" });

export const Email = text(3, 254).pipe(z.email("must be an e-mail address")).meta({ example: "an@example.com" });

/** Not trimmed: what the person typed is the password. */
export const Password = z
  .string()
  .min(8)
  .max(128)
  .refine((value) => !CONTROL.test(value) && value.isWellFormed(), "must not contain control characters")
  .refine((value) => !WORST_PASSWORDS.has(value.toLowerCase()), "is one of the most common passwords; choose another");

/** A password to compare with the stored one: the rules for new passwords do not apply, it can only be wrong. */
export const GivenPassword = z.string().min(1).max(128);

/** Why an admin did something. Empty or absent means the default one. */
export const Reason = text(0, 500).nullish().meta({
  description: "Why; the person concerned can read it. Empty or absent: the default reason.",
  example: "Spam",
});

/** A number in a path or query string. */
export const numeric = (schema: z.ZodNumber | z.ZodInt) =>
  z
    .string()
    .regex(/^-?\d{1,17}$/, "must be a whole number")
    .transform(Number)
    .pipe(schema);

/** True or false in a query string or a form. */
export const Flag = z
  .enum(["true", "false", "1", "0"], "must be true or false")
  .transform((given) => given === "true" || given === "1");

/** A key that only what is hidden has. */
export const IsHidden = z.literal(true).optional().meta({
  description: "Moderation has hidden it from all but its owner, moderators and admins, who alone get this key.",
});

export const IdParam = numeric(Id);

/** The id of what a path is about. */
export const IdPath = z.object({
  id: IdParam.meta({ description: "The id of the user, video, message or other thing." }),
});

/** How many rows are wanted. Deployed clients ask for 200 and 500 and are content with the most there is. */
export function limit(defaultLimit = 20) {
  return numeric(z.int().min(1))
    .transform((wanted) => Math.min(wanted, MAX_PAGE_ROWS))
    .default(defaultLimit)
    .meta({ description: `How many are wanted; more than ${MAX_PAGE_ROWS} are cut to ${MAX_PAGE_ROWS}.` });
}

/** What a page of a list that grows without bound comes before. */
export const BeforeId = IdParam.optional().meta({
  description: "Only what has a lower id: the last one of the page before. Stands still while new rows come.",
});

/** How far a search can be paged through: what is skipped is found and sorted all the same. */
export const MAX_SEARCH_SKIP = 1000;

/** `skip` and `limit` of a list. */
export function page(defaultLimit = 20, maxSkip = 10_000) {
  const description = `How many to leave out from the beginning; ${maxSkip} at most.`;
  return z.object({
    skip: numeric(z.int().min(0).max(maxSkip)).default(0).meta({ description }),
    limit: limit(defaultLimit),
  });
}

/** `before_id` and `limit` of a list that grows without bound. */
export function keyset(defaultLimit = 20) {
  return z.object({ beforeId: BeforeId, limit: limit(defaultLimit) });
}

/** At most 100 characters; empty means none. */
export const Search = text(0, 100).meta({ description: "What to look for; nothing is found for an empty text." });
