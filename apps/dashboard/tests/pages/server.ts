import { createInterface } from "node:readline";
import { addVideo, type Person, peopleOf, promote, startTestServer } from "@reelay/testkit";

/* A server for the tests of one browser, which ask for people and things by a line of JSON each. It ends with its input. */

type Ask =
  | { what: "people"; names: string[] }
  | { what: "staff"; names: string[]; role: "moderator" | "admin" }
  | { what: "video"; owner: { id: number }; title: string };

const server = await startTestServer();
console.log(JSON.stringify({ url: server.url }));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
await server.stop();

async function answer(ask: Ask): Promise<unknown> {
  if (ask.what === "video") {
    const id = await addVideo(server, ask.owner as Person);
    await server.app.sql`update videos set title = ${ask.title} where id = ${id}`;
    return id;
  }
  const people = await peopleOf(server, ...ask.names);
  if (ask.what === "staff") for (const person of people) await promote(server, person, ask.role);
  return people.map(({ id, username, email, password, token }) => ({ id, username, email, password, token }));
}
