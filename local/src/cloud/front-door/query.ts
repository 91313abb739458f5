import type { IncomingMessage } from "node:http";

/** The query of a request, each parameter once; or what is wrong with it: a parameter that is not known, or comes twice. */
export function queryOf(
  request: IncomingMessage,
  known: string[],
): { values: Record<string, string | undefined> } | { problem: string } {
  const { searchParams } = new URL(request.url ?? "/", "http://front");
  for (const name of searchParams.keys()) {
    if (!known.includes(name)) {
      const there = known.length > 0 ? `there is ${known.join(", ")}` : "there is none";
      return { problem: `There is no parameter ${name}; ${there}.` };
    }
    if (searchParams.getAll(name).length > 1) return { problem: `${name} may be given once.` };
  }
  return { values: Object.fromEntries(searchParams) };
}
