import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export type SqlFile = { name: string; text: string; checksum: string };

/** What a program expects of its database, and brings it to. */
export type Schema = {
  /** Raised by every release that changes a file of `migrations/` or `sql/`. */
  version: number;
  /** The oldest version whose programs work on this schema as well. */
  compatibleFrom: number;
  /** Tables, indexes and data: each is applied once, in the order of the numbers. */
  migrations: SqlFile[];
  /** Functions, triggers and views: all that changed are applied again, in the order of their names. */
  functions: SqlFile[];
};

const FOLDER = fileURLToPath(new URL("../../", import.meta.url));

/** Reads `schema.json`, `migrations/` and `sql/` of a folder; by default those of this program. */
export async function readSchema(folder = FOLDER): Promise<Schema> {
  const { version, compatibleFrom } = JSON.parse(await readFile(join(folder, "schema.json"), "utf8"));
  const [migrations, functions] = await Promise.all([
    readSqlFiles(join(folder, "migrations"), /^\d{4}_.*\.sql$/),
    readSqlFiles(join(folder, "sql"), /\.sql$/),
  ]);
  return { version, compatibleFrom, migrations, functions };
}

async function readSqlFiles(folder: string, pattern: RegExp): Promise<SqlFile[]> {
  const names = (await readdir(folder)).filter((name) => pattern.test(name)).sort();
  return await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), "utf8");
      return { name, text, checksum: createHash("sha256").update(text).digest("hex") };
    }),
  );
}
