import { once } from "node:events";
import { request } from "node:http";
import { afterAll, describe, expect, it } from "vitest";
import { closeApis, type Handler, operation, startApi } from "./rest-api.testkit.ts";

afterAll(closeApis);

const NOW = Date.UTC(2026, 10, 22, 14, 5, 6);
const echo: Handler = (event) => ({ statusCode: 200, body: JSON.stringify(event) });
const catchAll = { paths: { "/{proxy+}": { "x-amazon-apigateway-any-method": operation() } } };

describe("the proxy event", () => {
  it("has the documented shape", async () => {
    const { port } = await startApi(
      { paths: { "/v1/images/{imageId}": { post: operation() } } },
      { api: echo },
      { stageVariables: { color: "blue" } },
      { now: () => NOW },
    );
    const message = request({
      port,
      host: "127.0.0.1",
      method: "POST",
      path: "/v1/images/a%2Fb%20c?tag=x&tag=y%20z&empty=&q=1%2B1+2",
      headers: [
        "Host",
        "example.org",
        "X-Many",
        "1",
        "x-many",
        "2",
        "User-Agent",
        "test",
        "Content-Type",
        "text/plain",
        "Content-Length",
        "6",
      ],
    });
    message.end("grüß");
    const [response] = await once(message, "response");
    let text = "";
    for await (const chunk of response) text += chunk;
    const requestId = response.headers["x-amzn-requestid"];
    expect(requestId).toMatch(/^[\w-]{36}$/);
    expect(response.headers["x-amzn-trace-id"]).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect(JSON.parse(text)).toEqual({
      resource: "/v1/images/{imageId}",
      path: "/v1/images/a%2Fb%20c",
      httpMethod: "POST",
      headers: {
        Host: "example.org",
        "X-Many": "2",
        "User-Agent": "test",
        "Content-Type": "text/plain",
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Port": String(port),
        "X-Forwarded-Proto": "http",
        "X-Amzn-Trace-Id": response.headers["x-amzn-trace-id"],
      },
      multiValueHeaders: {
        Host: ["example.org"],
        "X-Many": ["1", "2"],
        "User-Agent": ["test"],
        "Content-Type": ["text/plain"],
        "X-Forwarded-For": ["127.0.0.1"],
        "X-Forwarded-Port": [String(port)],
        "X-Forwarded-Proto": ["http"],
        "X-Amzn-Trace-Id": [response.headers["x-amzn-trace-id"]],
      },
      queryStringParameters: { tag: "y z", empty: "", q: "1+1 2" },
      multiValueQueryStringParameters: { tag: ["x", "y z"], empty: [""], q: ["1+1 2"] },
      pathParameters: { imageId: "a%2Fb%20c" },
      stageVariables: { color: "blue" },
      requestContext: {
        resourceId: "/v1/images/{imageId}",
        resourcePath: "/v1/images/{imageId}",
        httpMethod: "POST",
        extendedRequestId: requestId,
        requestTime: "22/Nov/2026:14:05:06 +0000",
        requestTimeEpoch: NOW,
        path: "/v1/images/a%2Fb%20c",
        accountId: "000000000000",
        protocol: "HTTP/1.1",
        stage: "live",
        domainPrefix: "example",
        domainName: "example.org",
        requestId,
        identity: expect.objectContaining({ sourceIp: "127.0.0.1", userAgent: "test", user: null }),
        apiId: "abc123",
      },
      body: "grüß",
      isBase64Encoded: false,
    });
  });

  it("says null for what is not there, and continues the caller's forwarding and trace", async () => {
    const { get } = await startApi({ paths: { "/": { get: operation() } } }, { api: echo });
    const trace = "Root=1-67891233-abcdef012345678912345678";
    const answer = await get("/", {
      headers: { "x-forwarded-for": "203.0.113.7", "x-amzn-trace-id": trace },
    });
    expect(answer.headers.get("x-amzn-trace-id")).toBe(trace);
    const event = (await answer.json()) as Record<string, unknown>;
    expect(event).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      stageVariables: null,
      body: null,
      isBase64Encoded: false,
      headers: { "x-forwarded-for": "203.0.113.7, 127.0.0.1", "x-amzn-trace-id": trace },
    });
  });

  it("has binary bodies in base64, and only those of the declared types", async () => {
    const body = { ...catchAll, "x-amazon-apigateway-binary-media-types": ["image/webp"] };
    const { get } = await startApi(body, { api: echo });
    const post = (type: string) =>
      get("/x", { method: "POST", body: Buffer.from([1, 2]), headers: { "content-type": type } });
    expect(await (await post("image/webp")).json()).toMatchObject({
      body: "AQI=",
      isBase64Encoded: true,
    });
    expect(await (await post("text/plain")).json()).toMatchObject({ isBase64Encoded: false });
  });
});
