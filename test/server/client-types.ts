import { compile, type JSONSchema } from "json-schema-to-typescript";

interface Operation {
  parameters?: { in: string; name: string; required?: boolean; schema: JSONSchema }[];
  requestBody?: { content: Record<string, { schema: JSONSchema }> };
  responses: Record<string, { content?: Record<string, { schema: JSONSchema }> }>;
}

/**
 * The types of the web client, drawn from the OpenAPI document: for each route its query, its body and its
 * answer.
 */
export async function clientTypes(document: {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JSONSchema> };
}): Promise<string> {
  const routes: Record<string, JSONSchema> = {};
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const query = operation.parameters?.filter((one) => one.in === "query") ?? [];
      const body = operation.requestBody?.content["application/json"]?.schema;
      const [answer] = Object.entries(operation.responses)
        .filter(([status]) => status.startsWith("2"))
        .map(([, { content }]) => content?.["application/json"]?.schema);
      routes[`${method.toUpperCase()} ${path.replace(/^\/api/, "")}`] = object({
        ...(query.length > 0
          ? { query: object(Object.fromEntries(query.map(({ name, schema }) => [name, schema])), []) }
          : {}),
        ...(body ? { body } : {}),
        ...(answer ? { answer } : {}),
      });
    }
  const schema = { ...object(routes), definitions: document.components.schemas } as JSONSchema;
  const local = JSON.parse(
    JSON.stringify(schema).replaceAll("#/components/schemas/", "#/definitions/"),
    // tuples as the library knows them
    (_, value: unknown) =>
      typeof value === "object" && value !== null && "prefixItems" in value
        ? {
            ...value,
            items: value.prefixItems,
            minItems: (value.prefixItems as []).length,
            additionalItems: false,
          }
        : value,
  ) as JSONSchema;
  return compile(local, "Api", {
    bannerComment:
      "// Drawn from docs/openapi.json by test/server/api.test.ts (-u renews it). Not to be changed by hand.\n",
    additionalProperties: false,
    unreachableDefinitions: false,
    strictIndexSignatures: false,
    format: false,
  });
}

const object = (properties: Record<string, JSONSchema>, required = Object.keys(properties)): JSONSchema => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
