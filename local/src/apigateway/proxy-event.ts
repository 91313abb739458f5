import type { IncomingRequest } from "./incoming-request.ts";
import type { RestApiSpec } from "./spec.ts";

export interface RoutedRequest {
  request: IncomingRequest;
  resourcePath: string;
  pathParameters: Record<string, string>;
}

/** The part that the proxy event and the event of a REQUEST authorizer have in common. */
export function requestEvent(spec: RestApiSpec, routed: RoutedRequest) {
  const { request, resourcePath, pathParameters } = routed;
  const { headers, multiValueHeaders } = headersOf(request);
  const { single, multi } = queryOf(request.query);
  return {
    resource: resourcePath,
    path: request.path,
    httpMethod: request.method,
    headers,
    multiValueHeaders,
    queryStringParameters: single,
    multiValueQueryStringParameters: multi,
    pathParameters: Object.keys(pathParameters).length > 0 ? pathParameters : null,
    stageVariables: spec.stageVariables ?? null,
    requestContext: requestContext(spec, routed),
  };
}

/** What IAM adds to `requestContext.identity` of who signed with a user's own keys. */
export interface Identity {
  accountId: string;
  accessKey: string;
  userArn: string;
  /** Both are the user's unique id. */
  user: string;
  caller: string;
}

/** What is known of who calls: an authorizer's word, or IAM's. */
export interface Whose {
  authorizer?: Record<string, unknown>;
  identity?: Identity;
}

/** The whole event of a Lambda proxy integration (payload format 1.0). */
export function proxyEvent(
  spec: RestApiSpec,
  routed: RoutedRequest,
  body: { text: string | null; isBase64Encoded: boolean },
  { authorizer, identity }: Whose = {},
) {
  const event = requestEvent(spec, routed);
  const context = event.requestContext;
  return {
    ...event,
    requestContext: {
      ...context,
      identity: { ...context.identity, ...identity },
      ...(authorizer && { authorizer }),
    },
    body: body.text,
    isBase64Encoded: body.isBase64Encoded,
  };
}

function headersOf(request: IncomingRequest) {
  const multiValueHeaders: Record<string, string[]> = {};
  const spelling = new Map<string, string>();
  const add = (name: string, value: string) => {
    const lower = name.toLowerCase();
    // A header that comes twice in two spellings is one header; the first spelling stays.
    const known = spelling.get(lower);
    if (known === undefined) spelling.set(lower, name);
    const values = multiValueHeaders[known ?? name];
    if (values) values.push(value);
    else multiValueHeaders[name] = [value];
  };
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? "";
    if (!isConnectionHeader(name)) add(name, request.rawHeaders[index + 1] ?? "");
  }
  const forwardedFor = request.header("x-forwarded-for");
  set("X-Forwarded-For", forwardedFor ? `${forwardedFor}, ${request.sourceIp}` : request.sourceIp);
  set("X-Amzn-Trace-Id", request.traceId);
  if (!spelling.has("x-forwarded-port")) add("X-Forwarded-Port", String(request.port));
  if (!spelling.has("x-forwarded-proto")) add("X-Forwarded-Proto", "http");
  // The single-valued form has the last value.
  const headers = Object.fromEntries(
    Object.entries(multiValueHeaders).map(([name, values]) => [name, values.at(-1) ?? ""]),
  );
  return { headers, multiValueHeaders };

  function set(name: string, value: string): void {
    const known = spelling.get(name.toLowerCase());
    if (known === undefined) add(name, value);
    else multiValueHeaders[known] = [value];
  }
}

function isConnectionHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === "connection" || lower === "content-length" || lower === "transfer-encoding";
}

/** Query parameters come decoded; the single-valued form has the last value. */
function queryOf(query: URLSearchParams) {
  const multi: Record<string, string[]> = {};
  const single: Record<string, string> = {};
  for (const [name, value] of query) {
    multi[name] = [...(multi[name] ?? []), value];
    single[name] = value;
  }
  return query.size > 0 ? { single, multi } : { single: null, multi: null };
}

function requestContext(spec: RestApiSpec, { request, resourcePath }: RoutedRequest) {
  const host = request.header("host") ?? "";
  return {
    resourceId: resourcePath,
    resourcePath,
    httpMethod: request.method,
    extendedRequestId: request.requestId,
    requestTime: commonLogTime(request.receivedAt),
    path: request.path,
    accountId: spec.accountId,
    protocol: request.protocol,
    stage: spec.stage,
    domainPrefix: host.split(".")[0],
    requestTimeEpoch: request.receivedAt,
    requestId: request.requestId,
    identity: {
      cognitoIdentityPoolId: null,
      accountId: null,
      cognitoIdentityId: null,
      caller: null,
      sourceIp: request.sourceIp,
      principalOrgId: null,
      accessKey: null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: null,
      userAgent: request.header("user-agent") ?? null,
      user: null,
    },
    domainName: host,
    apiId: spec.apiId,
  };
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `09/Apr/2015:12:34:56 +0000` */
function commonLogTime(epochMs: number): string {
  const iso = new Date(epochMs).toISOString();
  const month = MONTHS[Number(iso.slice(5, 7)) - 1];
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
