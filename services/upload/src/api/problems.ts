import { z } from "@hono/zod-openapi";
import { type ErrorCode, errorCodes } from "@shoebox/shared/errors";
import { PROBLEM_JSON } from "@shoebox/shared/http/problem";

/** RFC 9457, as http/problem.ts of shared writes it. */
const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .openapi("Problem");

/** What every route can answer besides its own problems. */
const EVERYWHERE: ErrorCode[] = [
  "invalid-request",
  "unauthorized",
  "too-many-requests",
  "internal",
];

/** The problem answers of a route, by status, for its OpenAPI declaration. */
export function problems(...codes: ErrorCode[]) {
  const byStatus = new Map<number, string[]>();
  for (const code of [...EVERYWHERE, ...codes]) {
    const { status, title } = errorCodes[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `${title} (\`${code}\`)`]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, titles]) => [
      status,
      { description: titles.join("; "), content: { [PROBLEM_JSON]: { schema: Problem } } },
    ]),
  );
}
