export type OpenApi = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};
type Operation = {
  operationId: string;
  summary: string;
  description: string;
  deprecated?: boolean;
  security: object[];
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, object> }>;
};
type Schema = { $ref?: string; type?: string; properties?: Record<string, Schema> };

const API_ROOT = "/api/v1";
const JSON_TYPE = "application/json";

/**
 * The document without what no new client is to call, other paths of operations that are there for deployed ones, and
 * without the failures: they all are of one shape.
 */
export function forNewClients(document: OpenApi): OpenApi {
  const paths = Object.entries(document.paths).map(([path, item]) => [path, currentOf(item)] as const);
  return { ...document, paths: Object.fromEntries(paths.filter(([, item]) => Object.keys(item).length > 0)) };
}

function currentOf(item: Record<string, Operation>): Record<string, Operation> {
  const current = Object.entries(item).filter(([, { deprecated }]) => !deprecated);
  return Object.fromEntries(
    current.map(([method, operation]) => {
      const successes = Object.entries(operation.responses).filter(([status]) => status.startsWith("2"));
      return [method, { ...operation, responses: Object.fromEntries(successes) }];
    }),
  );
}

/** A TypeScript file that says of every operation how it is called. */
export function operationTable(document: OpenApi): string {
  const rows = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => row(document, { path, method, operation })),
  );
  return `${[
    `export const API_ROOT = "${API_ROOT}";`,
    "",
    "/** Method and path; then `json` or `form` for its body, `bytes` for its answer, `public` if it takes no token. */",
    "export const OPERATIONS = {",
    ...rows,
    "} as const;",
  ].join("\n")}\n`;
}

type Route = { path: string; method: string; operation: Operation };

function row(document: OpenApi, route: Route): string {
  const { path, method, operation } = route;
  if (!path.startsWith(`${API_ROOT}/`)) throw new Error(`${path} lies outside of ${API_ROOT}.`);
  refuseCollisions(document, route);
  const traits = [bodyOf(operation), isJson(operation) ? "" : "bytes", operation.security.length === 0 ? "public" : ""];
  const call = [method.toUpperCase(), path.slice(API_ROOT.length), ...traits.filter((trait) => trait !== "")].join(" ");
  const { summary, description } = operation;
  const text = `${summary}. ${description}`.replace(/\s+/g, " ").replaceAll("*/", "*\\/");
  return `  /** ${text} */\n  ${operation.operationId}: "${call}",`;
}

function bodyOf({ requestBody }: Operation): string {
  if (!requestBody) return "";
  return requestBody.content[JSON_TYPE] ? "json" : "form";
}

function isJson({ responses }: Operation): boolean {
  return Object.entries(responses).some(([status, { content }]) => status.startsWith("2") && content?.[JSON_TYPE]);
}

/** Path, query and body are one flat object for the caller: no name may stand in two of them. */
function refuseCollisions(document: OpenApi, { path, operation }: Route): void {
  const { parameters = [], requestBody, operationId } = operation;
  const places = parameters.map((parameter) => parameter.in);
  if (places.some((place) => place !== "path" && place !== "query")) throw new Error(`${operationId} wants a header.`);
  if (requestBody && places.includes("query")) throw new Error(`${operationId} has a query and a body.`);
  const inPath = parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
  const inBody = Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => namesIn(document, schema));
  const twice = inPath.find((name) => inBody.includes(name));
  if (twice) throw new Error(`${operationId} has ${twice} in its path and in its body.`);
  const missing = inPath.find((name) => !path.includes(`{${name}}`));
  if (missing) throw new Error(`${path} has no place for ${missing}.`);
  const list = parameters.find(({ schema }) => schema.type === "array" || schema.type === "object");
  if (list) throw new Error(`${operationId} has more than one value in ${list.name}.`);
}

function namesIn(document: OpenApi, schema: Schema): string[] {
  const named = schema.$ref ? document.components.schemas[schema.$ref.split("/").at(-1) ?? ""] : schema;
  if (!named?.properties) throw new Error(`The body ${schema.$ref} is no object.`);
  return Object.keys(named.properties);
}
