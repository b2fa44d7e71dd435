import type { Context } from "hono";
import { z } from "zod";
import { fail } from "./errors.ts";
import type { Env } from "./router.ts";

const JSON_TYPE = /^application\/([\w.-]+\+)?json$/;
const FORM_TYPE = /^(multipart\/form-data|application\/x-www-form-urlencoded)$/;

/** The body of a route that takes JSON or a form; an empty object when there is none. Validates nothing. */
export async function readBody(c: Context<Env>): Promise<unknown> {
  const type = mediaTypeOf(c);
  if (FORM_TYPE.test(type)) return Object.fromEntries((await readForm(c)).entries());
  const text = await c.req.text();
  if (text.trim() === "") return {};
  if (!JSON_TYPE.test(type)) throw fail("UNSUPPORTED_MEDIA_TYPE");
  try {
    return JSON.parse(text);
  } catch {
    throw fail("INVALID_JSON");
  }
}

/** The parts of a form. */
export async function readForm(c: Context<Env>) {
  const type = c.req.header("content-type") ?? "";
  if (!FORM_TYPE.test(mediaTypeOf(c))) throw fail("UNSUPPORTED_MEDIA_TYPE");
  const bytes = await c.req.arrayBuffer();
  try {
    return await new Response(bytes, { headers: { "Content-Type": type } }).formData();
  } catch {
    throw fail("BAD_REQUEST");
  }
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
