/** Headers of the origin's answer that concern its connection and not its content. */
const HOP_BY_HOP = ["connection", "keep-alive", "transfer-encoding", "date", "server"];

/**
 * Applies a response headers policy, which overrides what the origin says. CORS headers are for cross-origin requests
 * only: none without an `Origin`, none for an origin that is not listed, and one origin at a time.
 */
export function viewerHeaders(
  origin: NodeJS.Dict<string | string[]>,
  policy: Record<string, string> = {},
  requestOrigin: string | undefined,
): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(origin)) {
    if (value !== undefined && !HOP_BY_HOP.includes(name)) headers[name] = value;
  }
  const lower = Object.entries(policy).map(([name, value]) => [name.toLowerCase(), value] as const);
  const allowed = lower.find(([name]) => name === "access-control-allow-origin")?.[1];
  const granted = allowed === undefined ? undefined : grantedOrigin(allowed, requestOrigin);
  for (const [name, value] of lower) {
    if (!name.startsWith("access-control-")) headers[name] = value;
    else if (granted !== undefined)
      headers[name] = name === "access-control-allow-origin" ? granted : value;
  }
  // Caches on the way must not give one origin's answer to another.
  if (allowed !== undefined && allowed !== "*") headers.vary = "Origin";
  return headers;
}

function grantedOrigin(allowed: string, requestOrigin: string | undefined): string | undefined {
  if (requestOrigin === undefined) return undefined;
  const list = allowed.split(",").map((origin) => origin.trim());
  if (list.includes("*")) return "*";
  return list.includes(requestOrigin) ? requestOrigin : undefined;
}
