import { z } from "zod";

/**
 * Every error code a client can meet over HTTP, with its status and the message used when the thrower has none better.
 * The code is the stable part: clients switch on it, messages may be reworded.
 */
export const ERRORS = {
  INVALID_JSON: { status: 400, message: "The body is not valid JSON." },
  BAD_REQUEST: { status: 400, message: "The request is malformed." },
  UPLOAD_INCOMPLETE: { status: 400, message: "The upload ended before it was complete." },
  UNAUTHORIZED: { status: 401, message: "Sign in to continue." },
  INVALID_CREDENTIALS: { status: 401, message: "Wrong account or password." },
  FORBIDDEN: { status: 403, message: "You may not do that." },
  ACCOUNT_BANNED: { status: 403, message: "This account is banned." },
  CANNOT_MESSAGE: { status: 403, message: "You cannot message this person." },
  CANNOT_FOLLOW: { status: 403, message: "You cannot follow this person." },
  OWN_CASE: { status: 403, message: "It is about you or something of yours: somebody else decides it." },
  CANNOT_REACT: { status: 403, message: "You cannot react to this person's videos." },
  NOT_FOUND: { status: 404, message: "Not found." },
  USER_NOT_FOUND: { status: 404, message: "There is no such user." },
  MESSAGE_NOT_FOUND: { status: 404, message: "There is no such message." },
  VIDEO_NOT_FOUND: { status: 404, message: "There is no such video." },
  COMMENT_NOT_FOUND: { status: 404, message: "There is no such comment." },
  REPORT_NOT_FOUND: { status: 404, message: "There is no such report." },
  NOTIFICATION_NOT_FOUND: { status: 404, message: "There is no such notification." },
  DECISION_NOT_FOUND: { status: 404, message: "There is no such decision about you." },
  APPEAL_NOT_FOUND: { status: 404, message: "There is no such appeal." },
  NOTE_NOT_FOUND: { status: 404, message: "There is no such note of yours." },
  SUBJECT_NOT_FOUND: { status: 404, message: "Nothing of that is to be decided." },
  SESSION_NOT_FOUND: { status: 404, message: "There is no such session." },
  METHOD_NOT_ALLOWED: { status: 405, message: "This path does not answer that method." },
  EMAIL_TAKEN: { status: 409, message: "That e-mail address is already registered." },
  USERNAME_TAKEN: { status: 409, message: "That username is taken." },
  MESSAGE_DELETED: { status: 409, message: "That clientId was used for a message that was deleted." },
  IDEMPOTENCY_MISMATCH: { status: 409, message: "That clientId was used for another message." },
  SELF_BAN: { status: 409, message: "You cannot ban yourself." },
  SELF_DELETE: { status: 409, message: "You cannot delete your own account as staff." },
  REPORT_ALREADY_DECIDED: { status: 409, message: "That report has been decided." },
  CLAIMED: { status: 409, message: "Somebody else is working on that." },
  APPEAL_ALREADY_DECIDED: { status: 409, message: "That appeal has been decided." },
  NOT_UNDOABLE: { status: 409, message: "That cannot be undone." },
  OTHER_REPORT_PENDING: { status: 409, message: "The reporter has another report of the same that is pending." },
  VIDEO_PURGED: { status: 409, message: "That video's file has been purged." },
  LAST_ADMIN: { status: 409, message: "The last admin must stay." },
  QUOTA_EXCEEDED: { status: 413, message: "Your storage is full. Delete a video to make room." },
  PAYLOAD_TOO_LARGE: { status: 413, message: "The body is too large." },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: "That content type is not accepted here." },
  RANGE_NOT_SATISFIABLE: { status: 416, message: "The requested range lies outside the file." },
  VALIDATION_ERROR: { status: 422, message: "Some fields are not valid." },
  ACTION_NOT_ALLOWED: { status: 422, message: "That cannot be done with such a target." },
  SELF_REPORT: { status: 422, message: "You cannot report yourself." },
  SELF_FOLLOW: { status: 422, message: "You cannot follow yourself." },
  SELF_BLOCK: { status: 422, message: "You cannot block yourself." },
  SELF_MESSAGE: { status: 422, message: "You cannot message yourself." },
  UNSUPPORTED_FILE: { status: 422, message: "That kind of file is not accepted." },
  UPGRADE_REQUIRED: { status: 426, message: "This path speaks WebSocket." },
  RATE_LIMIT: { status: 429, message: "Too many requests. Slow down." },
  INTERNAL_ERROR: { status: 500, message: "Something went wrong on our side." },
  SERVER_BUSY: { status: 503, message: "Too much is asked for at the moment. Try again in a few seconds." },
  UNAVAILABLE: { status: 503, message: "The service is not ready. Try again in a moment." },
  DISK_FULL: { status: 507, message: "There is no room for uploads at the moment." },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** One field of a request that failed validation. The submitted value is never echoed. */
export const FieldError = z.strictObject({ path: z.string(), message: z.string() }).meta({
  id: "FieldError",
  description: "A field that is not valid, and why.",
  example: { path: "password", message: "at least 8 characters" },
});
export type FieldError = z.infer<typeof FieldError>;

/** What a banned account receives besides the message: why, and until when (null: for good). */
export const BanNotice = z
  .strictObject({
    reason: z.string(),
    until: z.iso.datetime().nullable(),
    appealToken: z.string().optional().meta({ description: "At a login: what `POST /appeals/` takes." }),
  })
  .meta({ id: "BanNotice", description: "Why an account is banned, and until when (null: for good)." });
export type BanNotice = z.infer<typeof BanNotice>;

/** The one shape of every error response. `detail` repeats the message for clients written against FastAPI. */
export const ErrorBody = z
  .strictObject({
    error: z.strictObject({
      code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
      message: z.string(),
      requestId: z.string(),
      details: z.union([z.array(FieldError), BanNotice, z.record(z.string(), z.unknown())]).optional(),
    }),
    detail: z.string(),
  })
  .meta({
    id: "Error",
    description:
      "The one shape of every failure. Switch on `code`; `message` is a sentence to show, and `detail` repeats it. Of a " +
      "request that is not valid both name the first field and its fault.",
  });
export type ErrorBody = z.infer<typeof ErrorBody>;
