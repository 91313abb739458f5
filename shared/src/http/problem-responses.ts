import { z } from "@hono/zod-openapi";
import { type ErrorCode, errorCodes } from "../errors.ts";
import { PROBLEM_JSON, type Problem as ProblemDocument } from "./problem.ts";
import { problemExample } from "./problem-examples.ts";

const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .openapi("Problem", {
    description: "RFC 9457",
  });

/** What every route may answer besides its own. */
const always: ErrorCode[] = ["unauthorized", "too-many-requests", "internal"];

/**
 * The problem answers of a route, for its OpenAPI declaration: those named, by their status, and
 * those that every route has.
 *
 * @param meanings what a code means on this route, where its general title says too little
 */
export function problems(...codes: (ErrorCode | Partial<Record<ErrorCode, string>>)[]) {
  const named = codes.flatMap((code): [ErrorCode, string?][] =>
    typeof code === "string" ? [[code]] : (Object.entries(code) as [ErrorCode, string][]),
  );
  const texts = new Map<number, string[]>();
  const examples = new Map<number, Record<string, { value: ProblemDocument }>>();
  for (const [code, meaning] of [...always.map((code): [ErrorCode, string?] => [code]), ...named]) {
    const { status, title } = errorCodes[code];
    texts.set(status, [...(texts.get(status) ?? []), meaning ?? title]);
    examples.set(status, { ...examples.get(status), [code]: { value: problemExample(code) } });
  }
  return Object.fromEntries(
    [...texts].map(([status, descriptions]) => [
      status,
      {
        description: [...new Set(descriptions)].join("; "),
        content: { [PROBLEM_JSON]: { schema: Problem, examples: examples.get(status) } },
      },
    ]),
  );
}
