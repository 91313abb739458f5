import { malformedXml, S3Error } from "./s3-error.ts";
import { childrenOf, parseXml, textOf, type XmlElement } from "./xml.ts";

export interface CorsRule {
  origins: string[];
  methods: string[];
  headers: string[];
  exposed: string[];
  maxAge: string | undefined;
}

const METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD"];

/** Reads a CORSConfiguration. @throws S3Error MalformedXML, InvalidRequest */
export function parseCorsRules(root: XmlElement): CorsRule[] {
  const texts = (rule: XmlElement, name: string) =>
    childrenOf(rule, name).map((one) => one.text.trim());
  const rules = childrenOf(root, "CORSRule").map((rule) => ({
    origins: texts(rule, "AllowedOrigin"),
    methods: texts(rule, "AllowedMethod"),
    headers: texts(rule, "AllowedHeader"),
    exposed: texts(rule, "ExposeHeader"),
    maxAge: textOf(rule, "MaxAgeSeconds")?.trim(),
  }));
  if (rules.length === 0 || rules.length > 100) throw malformedXml();
  for (const rule of rules) {
    if (rule.origins.length === 0 || rule.methods.length === 0) throw malformedXml();
    const method = rule.methods.find((one) => !METHODS.includes(one));
    if (method !== undefined) {
      throw new S3Error(
        400,
        "InvalidRequest",
        `Found unsupported HTTP method in CORS config. Unsupported method is ${method}`,
      );
    }
    const wild = [...rule.origins, ...rule.headers].find((one) => one.split("*").length > 2);
    if (wild !== undefined) {
      throw new S3Error(
        400,
        "InvalidRequest",
        `AllowedOrigin "${wild}" can not have more than one wildcard.`,
      );
    }
  }
  return rules;
}

/** The headers that let a browser's script read an answer; none when no rule matches. */
export function corsHeaders(
  configuration: string | undefined,
  request: { origin: string | undefined; method: string; requestHeaders?: string | undefined },
): Record<string, string> | undefined {
  const { origin, method } = request;
  if (configuration === undefined || origin === undefined) return undefined;
  const wanted = (request.requestHeaders ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  const rule = parseCorsRules(parseXml(configuration, "CORSConfiguration")).find(
    (one) =>
      one.methods.includes(method) &&
      one.origins.some((pattern) => matches(pattern, origin)) &&
      wanted.every((name) => one.headers.some((pattern) => matches(pattern.toLowerCase(), name))),
  );
  if (!rule) return undefined;
  const any = rule.origins.includes("*");
  return {
    "access-control-allow-origin": any ? "*" : origin,
    "access-control-allow-methods": rule.methods.join(", "),
    ...(any ? {} : { "access-control-allow-credentials": "true" }),
    ...(wanted.length > 0 ? { "access-control-allow-headers": wanted.join(", ") } : {}),
    ...(rule.exposed.length > 0
      ? { "access-control-expose-headers": rule.exposed.join(", ") }
      : {}),
    ...(rule.maxAge ? { "access-control-max-age": rule.maxAge } : {}),
    vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
  };
}

function matches(pattern: string, text: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === text;
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}

/** Answers a preflight. @throws S3Error AccessForbidden when the bucket does not allow the request */
export function preflight(
  configuration: string | undefined,
  headers: ReadonlyMap<string, string>,
): Record<string, string> {
  const origin = headers.get("origin");
  const method = headers.get("access-control-request-method");
  if (origin === undefined || method === undefined) {
    throw new S3Error(400, "BadRequest", "Insufficient information. Origin request header needed.");
  }
  if (configuration === undefined) {
    throw new S3Error(
      403,
      "AccessForbidden",
      "CORSResponse: CORS is not enabled for this bucket.",
      { Method: method, ResourceType: "BUCKET" },
    );
  }
  const answer = corsHeaders(configuration, {
    origin,
    method,
    requestHeaders: headers.get("access-control-request-headers"),
  });
  if (!answer) {
    throw new S3Error(
      403,
      "AccessForbidden",
      "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
      { Method: method, ResourceType: "OBJECT" },
    );
  }
  return answer;
}
