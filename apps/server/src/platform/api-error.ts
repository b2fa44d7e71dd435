import { describeIssue, ERRORS, type ErrorBody, type ErrorCode, type FieldError } from "@reelay/contract";
import { type ZodError, z } from "zod";

// Where a schema says nothing better, a fault reads in our words.
z.config({ customError: describeIssue });

type Extra = {
  /** Instead of the catalogue's message. */
  message?: string;
  details?: ErrorBody["error"]["details"];
  /** Seconds after which trying again makes sense. */
  retryAfter?: number;
};

/** A failure of the catalogue, on its way to the client. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly code: ErrorCode;
  readonly details: Extra["details"];
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, extra: Extra = {}) {
    super(extra.message ?? ERRORS[code].message);
    this.code = code;
    this.details = extra.details;
    this.retryAfter = extra.retryAfter;
  }
}

/** To be thrown: `throw fail("CANNOT_MESSAGE")`. */
export function fail(code: ErrorCode, extra?: Extra): ApiError {
  return new ApiError(code, extra);
}

/** The error every failed validation becomes: one detail a field, without the value that was sent. */
export function invalid(error: ZodError): ApiError {
  const byPath = new Map(error.issues.toReversed().map(({ path, message }) => [path.join("."), message]));
  return invalidFields([...byPath].map(([path, message]) => ({ path, message })).toReversed());
}

/** The same of faults that no schema finds. The message names the first: it is all that many screens show. */
export function invalidFields([first, ...others]: FieldError[]): ApiError {
  if (!first) return fail("VALIDATION_ERROR");
  const message = first.path === "" ? `The request ${first.message}` : `${first.path}: ${first.message}`;
  return fail("VALIDATION_ERROR", { message, details: [first, ...others] });
}
