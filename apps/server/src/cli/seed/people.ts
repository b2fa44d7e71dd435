import type { Sql } from "../../platform/postgres.ts";
import type { SeededPerson } from "./plan.ts";

export type Account = { id: number; username: string; email: string; role: "user" | "moderator" };

/** All with one password, which is hashed once; of the very first ones, one is the moderator. */
export async function insertAccounts(
  sql: Sql,
  people: readonly SeededPerson[],
  passwordHash: string,
  isFirst: boolean,
): Promise<Account[]> {
  const names = await findFreeNames(sql, people);
  const drafts = people.map(({ fullName, bio }, index) => ({
    ord: index,
    username: names[index]!,
    email: `${names[index]}@example.com`,
    fullName,
    bio,
    role: isFirst && index === 0 ? "moderator" : "user",
  }));
  return await sql`
    with given as (
      select ord, username, email, "fullName" as full_name, nullif(bio, '') as bio, role
      from json_to_recordset(${drafts}::json)
        as g(ord integer, username text, email text, "fullName" text, bio text, role text)
    ),
    added as (
      insert into accounts (username, email, full_name, bio, role, password_hash)
      select username, email, full_name, bio, role, ${passwordHash} from given order by ord
      returning id, username, email, role
    )
    select a.id::float8 as id, a.username, a.email, a.role from added a join given g using (username) order by g.ord`;
}

/** `linh.nguyen`, or `linh.nguyen2` when that is taken. */
async function findFreeNames(sql: Sql, people: readonly SeededPerson[]): Promise<string[]> {
  const wanted = people.map(({ fullName }) => usernameOf(fullName));
  const rows: { name: string }[] = await sql`
    select lower(name) as name from accounts cross join lateral (values (username), (split_part(email, '@', 1))) names(name)
    where lower(name) ~ any(${sql.array(
      [...new Set(wanted)].map((name) => `^${name.replaceAll(".", "[.]")}\\d*$`),
      "TEXT",
    )})`;
  const taken = new Set(rows.map(({ name }) => name));
  return wanted.map((name) => {
    let candidate = name;
    for (let number = 2; taken.has(candidate); number++) candidate = `${name}${number}`;
    taken.add(candidate);
    return candidate;
  });
}

/** Its letters without their marks, as a username takes them. */
function usernameOf(fullName: string): string {
  const plain = fullName.normalize("NFD").replaceAll("đ", "d").replaceAll("Đ", "D");
  return plain
    .replace(/[^A-Za-z ]/g, "")
    .toLowerCase()
    .replaceAll(" ", ".");
}
