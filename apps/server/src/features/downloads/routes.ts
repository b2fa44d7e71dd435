import type { Context } from "hono";
import { z } from "zod";
import type { Signature } from "../../access/signed-urls.ts";
import type { App } from "../../app.ts";
import type { Env } from "../../http/env.ts";
import { createRouter, failures, route } from "../../http/router.ts";
import { fail } from "../../platform/api-error.ts";
import type { StoredFile } from "../../platform/object-store.ts";
import { isAvatarOpen } from "../accounts/avatar.ts";
import { MEDIA_URL } from "../media/media.ts";
import { isOpenToStaff } from "../reports/evidence-files.ts";
import { isFileOpen } from "../videos/urls.ts";
import { names, partOf } from "./ranges.ts";

/**
 * Who may see a file can change at any time, by a ban or a change of visibility: it is asked for again, and answered with
 * 304 when it may.
 */
const CACHING = {
  avatars: "public, no-cache",
  videos: "private, no-cache",
  thumbs: "private, no-cache",
};
const STAFF_CACHING = "private, no-cache";
const NAME = /^[a-z0-9-]+\.(png|jpg|webp|mp4|webm|mov)$/;
const CONTENT_TYPES: Record<string, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  webp: "image/webp",
  mp4: "video/mp4",
  webm: "video/webm",
  mov: "video/quicktime",
};
const signed = { description: "A part of a signed address." };
const SignatureQuery = z.object({
  exp: z.string().optional().meta(signed),
  user: z.string().optional().meta(signed),
  sig: z.string().optional().meta(signed),
});
const FilePath = z.object({
  kind: z.string().meta({ description: "`videos`, `thumbs` or `avatars`." }),
  name: z.string().meta({ description: "The name that the server has given to the file." }),
});

export const downloadRoutes = createRouter();

downloadRoutes.openapi(
  route({
    id: "downloadFile",
    access: "public",
    method: "get",
    path: "/media/{kind}/{name}",
    tags: ["Media"],
    description:
      "Take the addresses as they are answered elsewhere; they are not to be made by clients. A private or hidden video opens only by the signed address its owner is given, a hidden or reported one and a banned person's picture also by the one staff is given.",
    summary: "Download a file, or a range of it",
    request: { params: FilePath, query: SignatureQuery },
    responses: {
      200: { description: "The file" },
      206: { description: "A part of it" },
      304: { description: "The copy the client has is good" },
      ...failures("NOT_FOUND", "RANGE_NOT_SATISFIABLE"),
    },
  }),
  async (c) => {
    const { kind, name } = c.req.valid("param");
    if (!isKind(kind) || !NAME.test(name)) throw fail("NOT_FOUND");
    const caching = await cachingNow(c.env.app, kind, name, c.req.valid("query"));
    const file = caching ? await c.env.app.storage.read(`${kind}/${name}`) : null;
    if (!file || !caching) throw fail("NOT_FOUND");
    return await serve(c, file, name, caching);
  },
);

type Kind = keyof typeof CACHING;

/** How a copy of the file may be kept by who asks for it; null: it is not open to them. */
async function cachingNow(app: App, kind: Kind, name: string, signature: Signature): Promise<string | null> {
  const url = `${MEDIA_URL}${kind}/${name}`;
  const isOpen = kind === "avatars" ? await isAvatarOpen(app, url) : await isFileOpen(app, url, signature);
  if (isOpen) return CACHING[kind];
  return (await isOpenToStaff(app, url, signature)) ? STAFF_CACHING : null;
}

function isKind(kind: string): kind is Kind {
  return Object.hasOwn(CACHING, kind);
}

/** A name is given to one content only, so the name is the ETag. */
async function serve(c: Context<Env>, file: StoredFile, name: string, caching: string): Promise<Response> {
  const etag = `"${name}"`;
  const headers: Record<string, string> = {
    ETag: etag,
    "Accept-Ranges": "bytes",
    "Cache-Control": caching,
    "X-Content-Type-Options": "nosniff",
  };
  if (names(c.req.header("if-none-match"), etag)) return new Response(null, { status: 304, headers });
  headers["Content-Type"] = CONTENT_TYPES[name.slice(name.lastIndexOf(".") + 1)]!;
  const isSameFile = (c.req.header("if-range") ?? etag) === etag;
  const part = partOf(isSameFile ? c.req.header("range") : undefined, file.size);
  if (part.kind !== "unsatisfiable") {
    const { start, end } = part.kind === "part" ? part : { start: 0, end: file.size - 1 };
    if (part.kind === "part") headers["Content-Range"] = `bytes ${start}-${end}/${file.size}`;
    headers["Content-Length"] = String(end - start + 1);
    // HEAD answers with the length of the body that it leaves out.
    const body = c.req.method === "HEAD" ? null : await file.bytes(start, end + 1);
    return new Response(body, { status: part.kind === "part" ? 206 : 200, headers });
  }
  c.header("Content-Range", `bytes */${file.size}`);
  throw fail("RANGE_NOT_SATISFIABLE");
}
