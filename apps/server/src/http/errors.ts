import {
  describeIssue,
  ERRORS,
  type ErrorBody,
  type ErrorCode,
  type FieldError,
  type FrameErrorCode,
} from "@reelay/contract";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type ZodError, z } from "zod";
import { isDatabaseAway, isLockTimeout } from "../platform/postgres.ts";
import { isShelfAway } from "../platform/object-store-s3.ts";
import { ServerBusy } from "../platform/waiting-lane.ts";
import type { Env } from "./router.ts";

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

/** The only catch: whatever was thrown becomes the one error shape. What is not ours is logged and not described. */
export function handleError(thrown: Error, c: Context<Env>): Response {
  const error = asApiError(thrown);
  c.env.app.disk.note(thrown);
  if (error.code === "INTERNAL_ERROR")
    c.env.app.log.error({ err: thrown, requestId: c.var.requestId }, "request failed");
  if (error.retryAfter) c.header("Retry-After", String(Math.ceil(error.retryAfter)));
  return c.json(errorBody(error, c.var.requestId), ERRORS[error.code].status as ContentfulStatusCode);
}

export function errorBody(error: ApiError, requestId: string): ErrorBody {
  const { code, message, details } = error;
  return { error: { code, message, requestId, ...(details && { details }) }, detail: message };
}

const BY_STATUS: Record<number, ErrorCode> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  413: "PAYLOAD_TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
};

/** Names what any part of the program threw by a code of the catalogue. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof HTTPException) {
    if (thrown.status === 400 && /json/i.test(thrown.message)) return fail("INVALID_JSON");
    return fail(BY_STATUS[thrown.status] ?? "INTERNAL_ERROR");
  }
  if (thrown instanceof ServerBusy) return fail("SERVER_BUSY", { retryAfter: thrown.retryAfterSeconds });
  if (isLockTimeout(thrown)) return fail("SERVER_BUSY", { retryAfter: 1 });
  if (isDatabaseAway(thrown) || isShelfAway(thrown)) return fail("UNAVAILABLE", { retryAfter: 1 });
  return fail("INTERNAL_ERROR");
}

/** The same for the socket: the code and message of an `error` frame. */
export function asFrameError(thrown: unknown): { code: FrameErrorCode; message: string } {
  const { code, message } = asApiError(thrown);
  return { code: FRAME_CODE_BY_STATUS[ERRORS[code].status] ?? "INVALID_MESSAGE", message };
}

const FRAME_CODE_BY_STATUS: Record<number, FrameErrorCode> = {
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  429: "RATE_LIMIT",
  500: "INTERNAL_ERROR",
  503: "INTERNAL_ERROR",
};
