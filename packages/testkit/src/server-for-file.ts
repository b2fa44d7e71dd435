import { afterAll, beforeAll } from "bun:test";
import { type Person, peopleOf } from "./person.ts";
import { startTestServer, type TestServer, type TestServerOptions } from "./server.ts";

export type ServerForFile = {
  /** Runs from before the first test of the file until after the last. */
  server: TestServer;
  /** For each name a new account with a session: `const [ann, bob] = await people("ann", "bob")`. */
  people<Names extends readonly string[]>(...names: Names): Promise<{ -readonly [I in keyof Names]: Person }>;
};

/** A server that all tests of a file share. What they do must leave every counter as a recount finds it. */
export function serverForFile(options: TestServerOptions = {}): ServerForFile {
  const server = {} as TestServer;
  beforeAll(async () => {
    Object.assign(server, await startTestServer(options));
  });
  afterAll(() => server.stop());
  return { server, people: (...names) => peopleOf(server, ...names) };
}
