import type { Sql } from "../../../apps/server/src/platform/postgres.ts";

/**
 * Keeps a copy of everything the database holds. What it answers puts the copy in the place of the database, at one moment,
 * as often as it is called: what was committed since is gone, and numbers are given out again.
 */
export async function keepCopy(sql: Sql): Promise<() => Promise<void>> {
  const copy = `copy_${crypto.randomUUID().slice(0, 8)}`;
  const tables: { name: string; columns: string }[] = await sql`
    select c.relname as name, string_agg(quote_ident(a.attname), ', ') as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
      and a.attgenerated = ''
    group by c.relname`;
  const sequences: { name: string; value: string }[] = await sql`
    select sequencename as name, last_value::text as value from pg_sequences
    where schemaname = 'public' and last_value is not null`;
  await sql.begin("isolation level repeatable read", async (tx) => {
    await tx.unsafe(`create schema ${copy}`);
    for (const { name } of tables) await tx.unsafe(`create table ${copy}.${name} as table public.${name}`);
  });
  return async () => {
    await sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx.unsafe(`truncate ${tables.map(({ name }) => name).join(", ")}`);
      for (const { name, columns } of tables) {
        const from = `select ${columns} from ${copy}.${name}`;
        await tx.unsafe(`insert into ${name} (${columns}) overriding system value ${from}`);
      }
      for (const { name, value } of sequences) await tx`select setval(${name}, ${value}::bigint)`;
    });
  };
}
