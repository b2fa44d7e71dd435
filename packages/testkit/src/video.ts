import type { Person } from "./person.ts";
import type { TestServer } from "./server.ts";

/** A video that stands somewhere else, made in the database: for what happens to videos, not for how they come to be. */
export async function addVideo({ app }: TestServer, owner: Person, visibility = "public"): Promise<number> {
  const [row] = await app.sql`
    insert into videos (owner_id, title, external_url, external_thumb_url, visibility)
    values (${owner.id}, 'a title', 'https://example.com/v.mp4', 'https://example.com/t.jpg', ${visibility})
    returning id::float8 as id`;
  await app.sql`update accounts set video_count = video_count + 1 where id = ${owner.id}`;
  return row.id;
}
