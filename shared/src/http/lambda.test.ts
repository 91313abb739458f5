import { createRoute, z } from "@hono/zod-openapi";
import type { APIGatewayProxyEvent, Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { rememberingLog } from "../log.testkit.ts";
import { createApi, defineRoute } from "./api.ts";
import { lambdaHandler } from "./lambda.ts";

const many = z.union([z.string(), z.array(z.string())]).optional();
const responses = {
  200: { description: "ok", content: { "application/json": { schema: z.unknown() } } },
};

const look = defineRoute<undefined>()(
  createRoute({
    method: "get",
    path: "/v1/things/{name}",
    request: { params: z.object({ name: z.string() }), query: z.object({ tag: many, q: many }) },
    responses,
  }),
  async (c) => c.json({ ...c.req.valid("param"), ...c.req.valid("query") }, 200),
);
const change = defineRoute<undefined>()(
  createRoute({
    method: "patch",
    path: "/v1/things/{name}",
    request: {
      body: { required: true, content: { "application/json": { schema: z.unknown() } } },
    },
    responses,
  }),
  async (c) => c.json(c.req.valid("json"), 200),
);

const handler = lambdaHandler(
  createApi({
    routes: [look, change],
    deps: undefined,
    log: rememberingLog().log,
    corsOrigins: [],
  }),
);

/** An event of a REST API (v1), as API Gateway sends it. */
function event(changes: Partial<APIGatewayProxyEvent>): APIGatewayProxyEvent {
  return {
    httpMethod: "GET",
    path: "/v1/things/x",
    resource: "/v1/things/{name}",
    headers: { Host: "api.example.org" },
    multiValueHeaders: { Host: ["api.example.org"] },
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    requestContext: {
      requestId: "gateway-1",
      domainName: "api.example.org",
      authorizer: { userId: "ann", admin: "false" },
    } as unknown as APIGatewayProxyEvent["requestContext"],
    ...changes,
  };
}

async function call(changes: Partial<APIGatewayProxyEvent>) {
  const result = await handler(event(changes), {} as Context);
  return { ...result, json: JSON.parse(result.body) as unknown };
}

describe("a function behind API Gateway", () => {
  it("reads query parameters that come more than once, decoded as they are", async () => {
    const answer = await call({
      queryStringParameters: { tag: "b & c", q: "100% ü" },
      multiValueQueryStringParameters: { tag: ["a", "b & c"], q: ["100% ü"] },
    });
    expect(answer.json).toEqual({ name: "x", tag: ["a", "b & c"], q: "100% ü" });
  });

  it.each([
    ["/v1/things/caf%C3%A9%20%231", "café #1"],
    ["/v1/things/a%2Fb", "a/b"],
    ["/v1/things/café", "café"],
    ["/v1/things/%", "%"],
  ])("reads the path %s", async (path, name) => {
    expect((await call({ path })).json).toEqual({ name });
  });

  it.each([true, false])("reads a body, in base64 or not (%s)", async (isBase64Encoded) => {
    const text = '{"caption":"at dusk 🌆"}';
    const answer = await call({
      httpMethod: "PATCH",
      headers: { "Content-Type": "application/json" },
      multiValueHeaders: { "Content-Type": ["application/json"] },
      body: isBase64Encoded ? Buffer.from(text).toString("base64") : text,
      isBase64Encoded,
    });
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: false, body: text });
  });

  it("answers with the request's id and text, problems too", async () => {
    const answer = await call({ path: "/nowhere" });
    expect(answer).toMatchObject({ statusCode: 404, isBase64Encoded: false });
    expect(answer.json).toMatchObject({ requestId: "gateway-1" });
    expect(answer.multiValueHeaders?.["content-type"]).toEqual(["application/problem+json"]);
    expect(answer.multiValueHeaders?.["x-request-id"]).toEqual(["gateway-1"]);
  });

  it("takes no notice of a GET's body", async () => {
    expect(await call({ body: "surprise" })).toMatchObject({ statusCode: 200 });
  });

  it("believes no header about who calls", async () => {
    const answer = await call({
      headers: { "X-User-Id": "eve", userId: "eve" },
      requestContext: { requestId: "gateway-1" } as APIGatewayProxyEvent["requestContext"],
    });
    expect(answer.statusCode).toBe(401);
  });
});
