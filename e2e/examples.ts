import { z } from "zod";

type Json = Record<string, unknown>;

interface Media {
  schema?: Json;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

interface Operation {
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
}

export interface Documented {
  paths: Record<string, Record<string, unknown>>;
  components?: { schemas?: Record<string, Json> };
}

/** What an OpenAPI document lacks: a body without an example, or an example that its schema does not take. */
export function findExampleFaults(document: Documented): string[] {
  const schemas = document.components?.schemas ?? {};
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, described]) => {
      const { requestBody, responses } = described as Operation;
      const bodies: [string, Record<string, Media> | undefined][] = [
        ["request", requestBody?.content],
        ...Object.entries(responses).map(([status, { content }]): [string, typeof content] => [
          status,
          content,
        ]),
      ];
      return bodies.flatMap(([body, content = {}]) =>
        Object.values(content).flatMap((media) => {
          const examples = examplesOf(media, schemas);
          const at = `${method.toUpperCase()} ${path}, ${body}`;
          if (examples.length === 0) return [`${at}: no example`];
          return examples.flatMap((example) => {
            const mistake = mistakeIn(example, media.schema ?? {}, schemas);
            return mistake ? [`${at}: ${mistake}`] : [];
          });
        }),
      );
    }),
  );
}

/** Beside the schema, or in it. */
function examplesOf(
  { schema, example, examples }: Media,
  schemas: Record<string, Json>,
): unknown[] {
  if (examples) return Object.values(examples).map(({ value }) => value);
  if (example !== undefined) return [example];
  const name = /^#\/components\/schemas\/(.+)$/.exec(String(schema?.$ref))?.[1];
  const inside = (name ? schemas[name] : schema)?.example;
  return inside === undefined ? [] : [inside];
}

function mistakeIn(
  example: unknown,
  schema: Json,
  schemas: Record<string, Json>,
): string | undefined {
  const text = JSON.stringify({ ...schema, $defs: schemas });
  const reader = z.fromJSONSchema(JSON.parse(text.replaceAll("#/components/schemas/", "#/$defs/")));
  const { error } = reader.safeParse(example);
  return error?.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; ");
}
