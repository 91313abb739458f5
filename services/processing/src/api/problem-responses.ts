import { z } from "@hono/zod-openapi";
import { PROBLEM_JSON } from "@shoebox/shared/http/problem";

const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .openapi("Problem");

const descriptions = {
  400: "The request is not valid",
  401: "Authentication is needed",
  404: "Not found",
  429: "Too many requests",
  500: "Internal error",
} as const;

/** The problem documents (RFC 9457) that a route can answer with; 401, 429 and 500 are common to all. */
export function problems<S extends 400 | 404>(...statuses: S[]) {
  const all = [...statuses, 401, 429, 500] as const;
  return Object.fromEntries(
    all.map((status) => [
      status,
      {
        description: descriptions[status],
        content: { [PROBLEM_JSON]: { schema: Problem } },
      },
    ]),
  ) as Record<string, { description: string; content: Record<string, { schema: typeof Problem }> }>;
}
