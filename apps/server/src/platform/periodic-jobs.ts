import type { Sql } from "./postgres.ts";

/**
 * Takes a turn at what the nodes do periodically, one of them at a time. `name` is a row of `periodic_jobs`.
 * @returns how far the last turn got; null when it is not due, or another node has it
 */
export async function takeTurn(sql: Sql, name: string, everySeconds: number): Promise<number | null> {
  const [row] = await sql`
    update periodic_jobs set due_at = now() + make_interval(secs => ${everySeconds})
    where name = ${name} and due_at <= now() returning position::float8 as position`;
  return row?.position ?? null;
}

/** Notes how far this turn got, for the next one. */
export async function endTurn(sql: Sql, name: string, position: number): Promise<void> {
  await sql`update periodic_jobs set position = ${position} where name = ${name}`;
}
