import { expect, test } from "bun:test";
import { readSchema } from "../../src/platform/schema.ts";

/** What is wrong with a file of sql/: of each there is one function, named like the file, that can be applied again. */
function findFaults(files: readonly { name: string; text: string }[]): string[] {
  return files.flatMap(({ name, text }) => {
    const statements = text.replace(/--.*$/gm, "").match(/^(?:create|drop|alter|do)\b[^(]*/gim) ?? [];
    const own = new RegExp(`^create or replace function ${name.replace(/\.sql$/, "")}$`, "i");
    return statements.length === 0 ? [name] : statements.filter((each) => !own.test(each.trim())).map(() => name);
  });
}

test("a file of sql/ is one function, named like the file, that can be applied again", async () => {
  const functionOf = (name: string, how = "create or replace") => `-- Why.\n${how} function ${name}(a integer) returns`;
  const broken = [
    { name: "fine.sql", text: `${functionOf("fine")}\n\n${functionOf("fine")}` },
    { name: "other.sql", text: functionOf("another") },
    { name: "once.sql", text: functionOf("once", "create") },
    { name: "two.sql", text: `${functionOf("two")}\n${functionOf("three")}` },
    { name: "table.sql", text: `${functionOf("table")}\ncreate table things (id integer)` },
    { name: "none.sql", text: "-- Nothing." },
  ];
  expect(findFaults(broken)).toEqual(["other.sql", "once.sql", "two.sql", "table.sql", "none.sql"]);
  const { functions } = await readSchema();
  // Triggers belong to their tables, and are created where they are missing.
  const own = functions.filter(({ name }) => name !== "triggers.sql");
  expect(own.length).toBeGreaterThan(0);
  expect(findFaults(own)).toEqual([]);
});
