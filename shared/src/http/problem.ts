import { AppError, type ErrorCode, errorCodes, type FieldError } from "../errors.ts";

/** RFC 9457, with the id that finds the request in the logs and the fields that were wrong. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  requestId: string;
  errors?: FieldError[];
  /** What only this kind of problem tells. */
  [member: string]: unknown;
}

export const PROBLEM_JSON = "application/problem+json";

/** The stable name of a kind of problem; a URN, since there is nothing at an address that would hold for every deployment. */
export function problemType(code: ErrorCode): string {
  return `urn:shoebox:problem:${code}`;
}

/** The document for any error: an AppError speaks for itself, whatever else happened stays in the log. */
export function toProblem(error: unknown, requestId: string): Problem {
  const known =
    error instanceof AppError
      ? error
      : new AppError(
          "internal",
          "Something went wrong on our side; the request id finds it in the logs.",
        );
  const { status, title } = errorCodes[known.code];
  return {
    ...known.members,
    type: problemType(known.code),
    title,
    status,
    detail: known.message,
    requestId,
    ...(known.fields.length > 0 && { errors: known.fields }),
  };
}
