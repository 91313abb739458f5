import { RejectedError, ShoeboxError } from "@shoebox/client";
import { ExitCode, Failure } from "./failure.ts";

/** A failure as its user reads it, and as a program does with `--json`. */
export interface Explanation {
  sentence: string;
  exitCode: ExitCode;
  /** The problem's code, `rejected`, or none of ours: `failed`. */
  code: string;
  requestId?: string;
}

/** Undefined for what nobody expected: a fault of this program. */
export function explain(error: unknown): Explanation | undefined {
  if (error instanceof Failure) {
    return { sentence: error.message, exitCode: error.exitCode, code: "failed" };
  }
  if (error instanceof RejectedError) {
    const { code, message } = error.reason;
    return {
      sentence: `Rejected (${code}): ${message}`,
      exitCode: ExitCode.notDone,
      code: "rejected",
    };
  }
  if (error instanceof ShoeboxError) return explainProblem(error);
  if (error instanceof Error && "syscall" in error) {
    return { sentence: sentenceOf(error), exitCode: ExitCode.notDone, code: "failed" };
  }
  return undefined;
}

function explainProblem(error: ShoeboxError): Explanation {
  const { code, status, requestId, detail } = error;
  // A detail that names the fields is said better by what they have to be.
  const fields = error.errors.map(({ field, message }) => `${field || "the request"} ${message}`);
  const said = code === "invalid-request" && fields.length > 0 ? `${fields.join("; ")}.` : detail;
  switch (status) {
    case 0:
      return { sentence: `${detail} Is it running?`, exitCode: ExitCode.noAnswer, code };
    case 401:
      return {
        sentence: "The token is not valid, or not any more: shoebox login gets another one.",
        exitCode: ExitCode.noAccess,
        code,
        requestId,
      };
    case 403:
      return {
        sentence: said,
        exitCode: code === "object-store" ? ExitCode.notDone : ExitCode.noAccess,
        code,
        requestId,
      };
    case 404:
      return { sentence: said, exitCode: ExitCode.notFound, code, requestId };
    default: {
      const trace = status >= 500 && requestId ? ` (request ${requestId})` : "";
      return { sentence: `${said}${trace}`, exitCode: ExitCode.notDone, code, requestId };
    }
  }
}

/** Node's words for what a system call failed of, without its name for it. */
function sentenceOf(error: Error): string {
  const [, words = error.message] = /^E\w+: (.*?)(?:, \w+ )/.exec(error.message) ?? [];
  const path = "path" in error ? `${String(error.path)}: ` : "";
  return `${path}${words}.`;
}
