import type { Queryable } from "../platform/postgres.ts";

/** Several times as long as a silent node takes to say so again. */
const SILENT_SECONDS = 5;
/** What a node that ended left behind. */
const KEEP_HOURS = 1;

/** Notes for the other nodes that what this one publishes may not reach them. Call once a second while it is so. */
export async function noteSilent(db: Queryable, nodeId: string): Promise<void> {
  await db`
    with forgotten as (delete from silent_nodes where until < now() - make_interval(hours => ${KEEP_HOURS}))
    insert into silent_nodes (node_id, until) values (${nodeId}, now() + make_interval(secs => ${SILENT_SECONDS}))
    on conflict (node_id) do update set until = excluded.until`;
}

/** Whether there is a node, perhaps this one, whose publications may not reach the others. */
export function isAnySilent(db: Queryable) {
  return db`exists (select from silent_nodes where until > now())`;
}
