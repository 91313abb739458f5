/** What Lambda answers as the payload of an invocation that failed inside of the function. */
export interface FunctionError {
  errorType: string;
  errorMessage: string;
  trace: string[];
}

/** Describes anything that was thrown the way Lambda's Node.js runtime does. */
export function toFunctionError(thrown: unknown): FunctionError {
  if (thrown instanceof Error) {
    const trace = (thrown.stack ?? "").split("\n");
    return { errorType: thrown.name, errorMessage: thrown.message, trace };
  }
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}
