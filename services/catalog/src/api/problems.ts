import { z } from "@hono/zod-openapi";
import { PROBLEM_JSON } from "@shoebox/shared/http/problem";

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
    example: {
      type: "urn:shoebox:problem:not-found",
      title: "Not found",
      status: 404,
      detail: "There is no such image.",
      requestId: "5f0c8c1e-6f0e-4a7b-9a51-8d5f0f6f6b1c",
    },
  });

const content = { [PROBLEM_JSON]: { schema: Problem } };
const problem = (description: string) => ({ description, content });

/** What every route may answer besides its own. */
export const anyProblem = {
  401: problem("No valid bearer token"),
  429: problem("Too many requests; `Retry-After` says when to come again"),
  500: problem("A fault of the service; the request id finds it in the logs"),
};

export const badRequest = { 400: problem("The request is not valid; `errors` names the fields") };
export const notFound = {
  404: problem("No such image, or it is deleted, or it is somebody else's"),
};
export const conflicting = (description: string) => ({ 409: problem(description) });
export const preconditionFailed = {
  412: problem("The image has another version than `If-Match` says"),
};
export const tooLarge = { 413: problem("The body is too large") };
export const unsupportedMediaType = { 415: problem("The body is not JSON") };
export const unavailable = { 503: problem("Busy; `Retry-After` says when to come again") };
