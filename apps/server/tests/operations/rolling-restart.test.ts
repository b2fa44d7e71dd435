import { afterAll, beforeAll, expect, test } from "bun:test";
import { dirname, join } from "node:path";
import {
  createEmptyDatabase,
  type Person,
  type PreviousProgram,
  ServerProcess,
  signUp,
  type TestDatabase,
  type TestSocket,
  temporaryFolder,
  unpackPreviousProgram,
} from "@reelay/testkit";
import { migrate } from "../../src/platform/migrate.ts";
import { openPostgres, type Sql } from "../../src/platform/postgres.ts";
import { readSchema, type Schema } from "../../src/platform/schema.ts";

/* Nodes are restarted one after another: while the first is of this program, others are still of the one before. */

const TIMEOUT_MS = 180_000;

let previous: PreviousProgram;
let schemas: { previous: Schema; present: Schema };
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: TestDatabase;
let sql: Sql;

beforeAll(async () => {
  previous = await unpackPreviousProgram();
  schemas = {
    previous: await readSchema(join(previous.root, "apps/server")),
    present: await readSchema(),
  };
  folder = await temporaryFolder();
  database = await createEmptyDatabase();
  sql = openPostgres(database.connection, 2);
}, TIMEOUT_MS);

afterAll(async () => {
  await sql.close();
  await database.drop();
  await folder.remove();
  await previous.remove();
});

function start(root?: string): ServerProcess {
  const { path, username, password, database: name } = database.connection as Record<string, string>;
  const host = encodeURIComponent(dirname(path!));
  const env = {
    DATABASE_URL: `postgres://${username}:${password}@localhost/${name}?host=${host}`,
    JWT_SECRET: "x".repeat(32),
    DRAIN_SECONDS: "0",
  };
  return ServerProcess.spawn(folder.path, env, ["main.ts"], root);
}

async function stop(server: ServerProcess): Promise<void> {
  server.kill("SIGTERM");
  expect((await server.exited).code).toBe(0);
}

type Pair = { ann: Person; bob: Person; socket: TestSocket };

async function meet(url: string): Promise<Pair> {
  const [ann, bob] = [await signUp({ url }, "ann"), await signUp({ url }, "bob")];
  return { ann, bob, socket: await bob.connect() };
}

/** A message and a like of Ann's reach Bob, live. */
async function exchange({ ann, bob, socket }: Pair): Promise<void> {
  const content = crypto.randomUUID();
  expect((await ann.post("/messages/", { receiverId: bob.id, content })).status).toBe(201);
  expect((await socket.next("message:new")).data.content).toBe(content);
  const [{ id }] = await sql`
    insert into videos (owner_id, title, external_url, visibility)
    values (${bob.id}, 'a title', 'https://example.com/v.mp4', 'public') returning id::float8 as id`;
  expect((await ann.post(`/videos/${id}/like`)).body).toMatchObject({ changed: true });
  expect((await socket.next("notification:new")).data).toMatchObject({ type: "like", refId: id });
}

test("another schema has a higher version, on which the programs of the one before still work", () => {
  const textOf = ({ migrations, functions }: Schema) => [...migrations, ...functions].map(({ checksum }) => checksum);
  const isAnother = String(textOf(schemas.present)) !== String(textOf(schemas.previous));
  const { version, compatibleFrom } = schemas.present;
  expect(version).toBeGreaterThanOrEqual(schemas.previous.version + (isAnother ? 1 : 0));
  expect(compatibleFrom).toBeLessThanOrEqual(schemas.previous.version);
});

test(
  "the previous program runs on while this one starts, and restarts on its schema",
  async () => {
    const old = start(previous.root);
    const pair = await meet(await old.url());
    await exchange(pair);

    const present = start();
    const url = await present.url();
    const [{ version }] = await sql`select version from schema_info`;
    expect(version).toBe(schemas.present.version);
    await exchange(pair);
    await exchange(await meet(url));

    await stop(old);
    const restarted = start(previous.root);
    await exchange(await meet(await restarted.url()));
    await stop(restarted);
    await stop(present);
  },
  TIMEOUT_MS,
);

/** This schema and one more column, and an append_events that notes that it was called. */
function newerSchema(version: number, compatibleFrom: number): Schema {
  const { migrations, functions } = schemas.present;
  const more = "create table calls (at timestamptz); alter table messages add column colour text";
  const noting = functions.map((file) =>
    file.name === "append_events.sql"
      ? {
          ...file,
          text: file.text.replace("begin\n", "begin\n  insert into calls values (now());\n"),
          checksum: "newer",
        }
      : file,
  );
  return {
    version,
    compatibleFrom,
    migrations: [...migrations, { name: "9999_newer.sql", text: more, checksum: "newer" }],
    functions: noting,
  };
}

test(
  "on a newer schema it starts and leaves every function as it is, as long as the schema is for it, too",
  async () => {
    const { version } = schemas.present;
    const applied = await migrate(sql, { schema: newerSchema(version + 1, schemas.previous.version) });
    expect(applied).toContain("append_events.sql");
    const old = start(previous.root);
    await exchange(await meet(await old.url()));
    await stop(old);
    const [{ calls }] = await sql`select count(*)::int as calls from calls`;
    expect(calls).toBeGreaterThan(0);

    await migrate(sql, { schema: newerSchema(version + 2, version + 1) });
    const refused = await start(previous.root).exited;
    expect(refused.code).toBe(1);
    expect(refused.output.trim().split("\n")).toEqual([
      `The database has schema version ${version + 2}, which needs a program of version ${version + 1} or newer; this one has ${schemas.previous.version}. Install the newer release.`,
    ]);
  },
  TIMEOUT_MS,
);
