import type { APIGatewayProxyEvent } from "aws-lambda";

/** A request as API Gateway hands it to a function, the authorizer having let the user in. */
export function gatewayEvent(request: {
  method: string;
  /** With its query. */
  path: string;
  userId: string;
  body?: string;
  headers?: Record<string, string>;
}): APIGatewayProxyEvent {
  const url = new URL(request.path, "http://service");
  const headers = {
    Host: "service",
    ...(request.body !== undefined && { "Content-Type": "application/json" }),
    ...request.headers,
  };
  const query = Object.fromEntries(url.searchParams);
  return {
    httpMethod: request.method,
    path: url.pathname,
    resource: url.pathname,
    headers,
    multiValueHeaders: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
    ),
    queryStringParameters: query,
    multiValueQueryStringParameters: Object.fromEntries(
      Object.entries(query).map(([name, value]) => [name, [value]]),
    ),
    pathParameters: null,
    stageVariables: null,
    body: request.body ?? null,
    isBase64Encoded: false,
    requestContext: {
      requestId: crypto.randomUUID(),
      httpMethod: request.method,
      path: url.pathname,
      stage: "v1",
      identity: { sourceIp: "127.0.0.1" },
      authorizer: { userId: request.userId, admin: "false" },
    },
  } as unknown as APIGatewayProxyEvent;
}
