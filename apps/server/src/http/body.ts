import { camelKeys } from "@reelay/contract";
import type { Context } from "hono";
import { z } from "zod";
import { fail, invalid } from "../platform/api-error.ts";
import type { Env } from "./env.ts";

const JSON_TYPE = /^application\/([\w.-]+\+)?json$/;
const FORM_TYPE = "application/x-www-form-urlencoded";

/** The body of a route that takes JSON or a form without files; an empty object when there is none. Validates nothing. */
export async function readBody(c: Context<Env>): Promise<unknown> {
  const type = mediaTypeOf(c);
  // Before it is read: a form that may hold files belongs to the routes that read it as it arrives.
  if (type.startsWith("multipart/")) throw fail("UNSUPPORTED_MEDIA_TYPE");
  const text = await c.req.text();
  if (type === FORM_TYPE) return Object.fromEntries(new URLSearchParams(text));
  if (text.trim() === "") return {};
  if (!JSON_TYPE.test(type)) throw fail("UNSUPPORTED_MEDIA_TYPE");
  try {
    return JSON.parse(text);
  } catch {
    throw fail("INVALID_JSON");
  }
}

/** The fields of a write of staff's: from the query, and over them from the body. */
export async function readFields<T extends z.ZodObject>(c: Context<Env>, schema: T): Promise<z.output<T>> {
  const fields = [c.req.query(), await readBody(c)].map((part) => camelKeys(part) as object);
  const parsed = schema.safeParse(Object.assign({}, ...fields));
  if (!parsed.success) throw invalid(parsed.error);
  return parsed.data;
}

/** Marks a described body with the name that it has among the components of the document. */
export const COMPONENT_NAME = "x-component-name";

/** For the documentation of a body that is read by `readBody`: the same schema under each content type. */
export function documented(schema: z.ZodType, ...types: string[]) {
  // Without the registry of ids: a reference would not resolve inside the document this becomes a part of.
  const { $schema, ...described } = z.toJSONSchema(schema, {
    io: "input",
    metadata: z.registry(),
    override: ({ zodSchema, jsonSchema }) => {
      const { id: _, ...metadata } = z.globalRegistry.get(zodSchema) ?? {};
      if (metadata.type !== undefined) delete jsonSchema.enum;
      Object.assign(jsonSchema, metadata);
    },
  });
  const named = { [COMPONENT_NAME]: z.globalRegistry.get(schema)?.id, ...described };
  return Object.fromEntries(types.map((type) => [type, { schema: named as object }]));
}

function mediaTypeOf(c: Context<Env>): string {
  return (c.req.header("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
}
