import { z } from "zod";
import { Count } from "./fields.ts";

/** How far a list of staff can be paged through: what comes before a page is found all the same. */
export const MAX_LISTED_ROWS = 10_000;
/** A total that no counter knows is counted up to here. */
export const MAX_COUNTED_ROWS = 1000;

export const Pagination = z
  .strictObject({
    page: z.int().positive(),
    limit: z.int().positive(),
    total: Count,
    pages: Count,
    totalIsAtLeast: z
      .literal(true)
      .optional()
      .meta({ description: `There are more: filtered lists are counted up to ${MAX_COUNTED_ROWS}.` }),
  })
  .meta({ id: "Pagination", description: "Which page of how many; a page beyond the end is empty." });
export type Pagination = z.infer<typeof Pagination>;
