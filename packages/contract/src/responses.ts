import { z } from "zod";

/** The response of a verb that sets a state: `changed` is false when it already stood. */
export const Changed = z
  .strictObject({ success: z.literal(true), changed: z.boolean() })
  .meta({ id: "Changed", description: "It stands as asked; `changed` is false when it stood already." });
export type Changed = z.infer<typeof Changed>;
