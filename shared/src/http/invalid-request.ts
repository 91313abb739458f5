import type { ZodError } from "zod";
import { AppError } from "../errors.ts";

/** Zod's findings as one sentence and a list of fields. */
export function invalidRequest(error: ZodError): AppError {
  const fields = error.issues.flatMap((issue) => {
    const path = issue.path.join(".");
    if (issue.code !== "unrecognized_keys") return [{ field: path, message: issue.message }];
    return issue.keys.map((key) => ({
      field: path ? `${path}.${key}` : key,
      message: "is not a known field",
    }));
  });
  const named = fields.map((field) => field.field || "the body").join(", ");
  return new AppError("invalid-request", `Not valid: ${named}.`, { fields });
}
