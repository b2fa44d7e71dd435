import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { App } from "../app.ts";
import { fail } from "../platform/api-error.ts";
import type { Env } from "./env.ts";
import { isMultipart } from "./multipart.ts";

const MAX_BYTES = 64 * 1024;
/** Of a picture: an avatar, or the thumbnail of a video. */
export const MAX_PICTURE_BYTES = 2 * 1024 * 1024;
/** Of everything in a form that is no file, and of what separates its parts. */
const MAX_FIELDS_BYTES = 2 * 1024 * 1024;

/** The only forms that may be larger, all behind a token: they carry files, and are read as they arrive, never held whole. */
const MAX_FORM_BYTES: Record<string, (config: App["config"]) => number> = {
  "/api/v1/videos": ({ maxUploadBytes }) => maxUploadBytes + MAX_PICTURE_BYTES + MAX_FIELDS_BYTES,
  "/api/v1/users/me/avatar": () => MAX_PICTURE_BYTES + MAX_BYTES,
};

const countAsItComes = bodyLimit({ maxSize: MAX_BYTES, onError: tooLarge });

/** Refuses a body by its declared length; one of undeclared length is counted as it comes, a form by `formParts`. */
export const limitBody: MiddlewareHandler<Env> = async (c, next) => {
  const isForm = maxFormBytes(c) > 0 && c.req.method === "POST" && isMultipart(c);
  if (c.req.header("transfer-encoding")) return isForm ? await next() : await countAsItComes(c, next);
  const length = Number(c.req.header("content-length") ?? 0);
  if (length > (isForm ? maxFormBytes(c) : MAX_BYTES)) tooLarge();
  await next();
};

/** What the whole form that is sent to this path may hold; 0 where no form with files is taken. */
export function maxFormBytes(c: Context<Env>): number {
  return MAX_FORM_BYTES[c.req.path.replace(/\/$/, "")]?.(c.env.app.config) ?? 0;
}

function tooLarge(): never {
  throw fail("PAYLOAD_TOO_LARGE");
}
