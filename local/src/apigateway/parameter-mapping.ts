import type { IncomingRequest } from "./incoming-request.ts";

/** Gives a mapped parameter's value for a request; undefined leaves the parameter out. */
export type MappedValue = (request: IncomingRequest | undefined) => string | undefined;

/**
 * Compiles the right side of a parameter mapping: a `'quoted literal'`, `method.request.header.<name>`,
 * `method.request.querystring.<name>` or `context.requestId`.
 *
 * @throws Error naming a mapping that is not supported
 */
export function compileMapping(expression: string, where: string): MappedValue {
  const literal = /^'(.*)'$/s.exec(expression);
  if (literal) return () => literal[1];
  const header = /^method\.request\.header\.([\w-]+)$/.exec(expression)?.[1]?.toLowerCase();
  if (header) return (request) => request?.header(header);
  const parameter = /^method\.request\.querystring\.([\w-]+)$/.exec(expression)?.[1];
  if (parameter) return (request) => request?.query.get(parameter) ?? undefined;
  if (expression === "context.requestId") return (request) => request?.requestId;
  throw new Error(`${where} maps ${expression}, which is not supported.`);
}
