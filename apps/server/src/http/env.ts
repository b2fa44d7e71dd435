import type { Actor } from "../access/caller.ts";
import type { App } from "../app.ts";

/** What is wrong with where a request was sent to. */
export type TargetFault = "BAD_REQUEST" | "NOT_FOUND";

/** What every handler finds: `c.env.app`, `c.var.requestId`, and `c.var.actor` where the route asks for one. */
export type Env = {
  Bindings: {
    app: App;
    /** The peer of the connection: the client's, or that of the nearest proxy. */
    address: string;
    /** What is wrong with where the request was sent to. */
    fault: TargetFault | null;
  };
  Variables: { requestId: string; actor: Actor | null };
};
