import { ERRORS, type ErrorBody, type ErrorCode, type FrameErrorCode } from "@reelay/contract";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { ApiError, fail } from "../platform/api-error.ts";
import { isStoreAway } from "../platform/object-store-s3.ts";
import { isDatabaseAway, isLockTimeout } from "../platform/postgres.ts";
import { ServerBusy } from "../platform/waiting-lane.ts";
import type { Env } from "./env.ts";

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
  if (isDatabaseAway(thrown) || isStoreAway(thrown)) return fail("UNAVAILABLE", { retryAfter: 1 });
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
