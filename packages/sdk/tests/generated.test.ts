import { expect, test } from "bun:test";
import { hashOfSources, header, isStale, staleSdkTypes } from "../../../tools/sdk-types/generate.ts";
import { type OpenApi, operationTable } from "../../../tools/sdk-types/operations.ts";
import { OPERATIONS } from "../src/generated/operations.ts";

const document: OpenApi = await Bun.file(new URL("../../../openapi.json", import.meta.url)).json();
const operations = Object.values(document.paths).flatMap((item) => Object.values(item));

test("the generated files are made of what openapi.json and their generator are now, and not changed by hand", async () => {
  const sources = await hashOfSources();
  const text = `${header(sources, "a\n\nb\n")}a\n\nb\n`;
  expect([isStale(text, sources), isStale(text, "others"), isStale(`${text}c`, sources), isStale("", sources)]).toEqual(
    [false, true, true, true],
  );
  expect(await staleSdkTypes()).toEqual([]);
});

test("every operation has its name in the client, but for aliases of deployed clients", () => {
  const current = operations.filter(({ deprecated }) => !deprecated).map(({ operationId }) => operationId);
  expect(current.length).toBeGreaterThan(70);
  expect(Object.keys(OPERATIONS)).toEqual(current);
});

test("what one flat object cannot say is refused", () => {
  const Body = { properties: { id: {} } };
  const content = { "application/json": { schema: { $ref: "#/components/schemas/Body" } } };
  const inPath = { name: "id", in: "path", schema: { type: "integer" } };
  const inQuery = { name: "q", in: "query", schema: { type: "string" } };
  const tableOf = (path: string, parameters: object[], requestBody?: object) => {
    const texts = { operationId: "act", summary: "Act", description: "It acts." };
    const operation = { ...texts, security: [], parameters, requestBody, responses: {} };
    return operationTable({ paths: { [path]: { post: operation } }, components: { schemas: { Body } } } as OpenApi);
  };
  expect(tableOf("/api/v1/a/{id}", [inPath, inQuery])).toContain('act: "POST /a/{id} bytes public"');
  expect(() => tableOf("/api/v1/a/{id}", [inPath], { content })).toThrow("act has id in its path and in its body");
  expect(() => tableOf("/api/v1/a", [inQuery], { content })).toThrow("act has a query and a body");
  expect(() => tableOf("/api/v1/a", [inPath])).toThrow("/api/v1/a has no place for id");
  expect(() => tableOf("/api/v2/a", [])).toThrow("outside of /api/v1");
  expect(() => tableOf("/api/v1/a", [{ ...inQuery, in: "header" }])).toThrow("act wants a header");
  expect(() => tableOf("/api/v1/a", [{ ...inQuery, schema: { type: "array" } }])).toThrow("more than one value in q");
});
