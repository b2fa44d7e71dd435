import { z } from "zod";

/** A JSON integer below 2^53. */
export const Id = z.int().positive().meta({ example: 7 });

/** ISO-8601, UTC, milliseconds. */
export const Timestamp = z.iso.datetime({ precision: 3 }).meta({ example: "2026-01-31T09:30:00.000Z" });

/** Never negative. */
export const Count = z.int().nonnegative();

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
  .refine((value) => !CONTROL.test(value) && value.isWellFormed(), "must not contain control characters");

/** A password somebody claims to be the right one: whatever rules hold for new ones, wrong is all it can be. */
export const GivenPassword = z.string().min(1).max(128);

/** Why an admin did something. Empty or absent means the default one. */
export const Reason = text(0, 500).nullish();

/** A number in a path or query string. */
export const numeric = (schema: z.ZodNumber | z.ZodInt) =>
  z
    .string()
    .regex(/^-?\d{1,17}$/, "must be a whole number")
    .transform(Number)
    .pipe(schema);

export const IdParam = numeric(Id);

export const IdPath = z.object({ id: IdParam });

/** How far a search can be paged through: what is skipped is found and sorted all the same. */
export const MAX_SEARCH_SKIP = 1000;

/** `skip` and `limit` of a list. */
export function page(defaultLimit = 20, maxSkip = 10_000) {
  return z.object({
    skip: numeric(z.int().min(0).max(maxSkip)).default(0),
    limit: numeric(z.int().min(1).max(100)).default(defaultLimit),
  });
}

/** `before_id` and `limit` of a list that grows without bound. */
export function keyset(defaultLimit = 20) {
  return z.object({
    beforeId: IdParam.optional(),
    limit: numeric(z.int().min(1).max(100)).default(defaultLimit),
  });
}

/** At most 100 characters; empty means none. */
export const Search = text(0, 100);
