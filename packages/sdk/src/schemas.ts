import type { components } from "./generated/schema.ts";

/** What the API takes and answers, by name: `Schemas["Video"]`. */
export type Schemas = components["schemas"];
