import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { App } from "../app.ts";
import { fail } from "../platform/api-error.ts";
import type { Env } from "./env.ts";
import { isMultipart } from "./multipart.ts";

/** Of every body that is no form with files. */
export const MAX_BODY_BYTES = 64 * 1024;
/** Of a picture: an avatar, or the thumbnail of a video. */
export const MAX_PICTURE_BYTES = 2 * 1024 * 1024;
/** Of everything in a form that is no file, and of what separates its parts. */
export const MAX_FIELDS_BYTES = 2 * 1024 * 1024;

/**
 * What the whole of a form with files may hold. A route that takes one is behind a token, and reads it as it arrives:
 * it is never held whole.
 */
export type FormLimit = (config: App["config"]) => number;

const countAsItComes = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge });

/** Refuses a body by its declared length; one of undeclared length is counted as it comes, a form by `formParts`. */
export function limitBody(maxFormBytes: FormLimit | undefined): MiddlewareHandler<Env> {
  return async (c, next) => {
    const isForm = maxFormBytes !== undefined && isMultipart(c);
    if (c.req.header("transfer-encoding")) return isForm ? await next() : await countAsItComes(c, next);
    const length = Number(c.req.header("content-length") ?? 0);
    if (length > (isForm ? maxFormBytes(c.env.app.config) : MAX_BODY_BYTES)) tooLarge();
    await next();
  };
}

function tooLarge(): never {
  throw fail("PAYLOAD_TOO_LARGE");
}
