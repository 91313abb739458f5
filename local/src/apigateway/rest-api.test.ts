import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { API_ARN, closeApis, type Handler, operation, startApi } from "./rest-api.testkit.ts";

afterAll(closeApis);

const NOW = Date.UTC(2026, 10, 22, 14, 5, 6);
const echo: Handler = (event) => ({ statusCode: 200, body: JSON.stringify(event) });
const any = { "x-amazon-apigateway-any-method": operation() };
const catchAll = { paths: { "/{proxy+}": any } };

async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.end(text);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  await once(socket, "close");
  return answer;
}

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

describe("the function's result", () => {
  async function answerOf(result: unknown, init: RequestInit = {}, body: object = {}) {
    const { get } = await startApi({ ...catchAll, ...body }, { api: () => result });
    return get("/x", init);
  }

  it("becomes the answer, with single and multiple headers", async () => {
    const answer = await answerOf({
      statusCode: 201,
      headers: { "X-One": "1", "x-both": "lost", Date: "yesterday", "WWW-Authenticate": "Bearer" },
      multiValueHeaders: { "Set-Cookie": ["a=1", "b=2"], "X-Both": ["kept"] },
      body: '{"a":1}',
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "x-one": "1",
      "x-both": "kept",
      "content-type": "application/json",
      "x-amzn-remapped-date": "yesterday",
      "x-amzn-remapped-www-authenticate": "Bearer",
    });
    expect(await answer.json()).toEqual({ a: 1 });
  });

  it("is decoded from base64 only for a client that accepts a binary type", async () => {
    const result = { statusCode: 200, body: "aGk=", isBase64Encoded: true };
    const body = { "x-amazon-apigateway-binary-media-types": ["image/webp"] };
    const accepting = { headers: { accept: "image/webp,*/*" } };
    expect(await (await answerOf(result, accepting, body)).text()).toBe("hi");
    expect(await (await answerOf(result, {}, body)).text()).toBe("aGk=");
  });

  it.each([
    ["null", null],
    ["a string", "hello"],
    ["an unknown key", { statusCode: 200, cookies: ["a=1"] }],
    ["a status that is none", { statusCode: "fine" }],
    ["a body that is an object", { statusCode: 200, body: { a: 1 } }],
    ["a header that is an object", { statusCode: 200, headers: { a: {} } }],
  ])("that is %s is a 502", async (_case, result) => {
    const answer = await answerOf(result);
    expect(answer.status).toBe(502);
    expect(await answer.json()).toEqual({ message: "Internal server error" });
  });
});

describe("the gateway's own answers", () => {
  it("are 403 for what is not routed, as on AWS", async () => {
    const { get } = await startApi({ paths: { "/a": { get: operation() } } }, { api: echo });
    for (const answer of [await get("/b"), await get("/a", { method: "POST" })]) {
      expect(answer.status).toBe(403);
      expect(answer.headers.get("x-amzn-errortype")).toBe("MissingAuthenticationTokenException");
      expect(await answer.json()).toEqual({ message: "Missing Authentication Token" });
    }
  });

  it("are 502 when the function fails and 500 when Lambda throttles it", async () => {
    const failing = await startApi(catchAll, { api: () => Promise.reject(new Error("secret")) });
    const failed = await failing.get("/x");
    expect([failed.status, await failed.json()]).toEqual([
      502,
      { message: "Internal server error" },
    ]);
    const invoke = async () => ({ outcome: "throttled", requestId: "r" }) as const;
    const throttled = await startApi(catchAll, {}, {}, { invoke });
    expect((await throttled.get("/x")).status).toBe(500);
    expect(throttled.lines).toMatchObject([{ reason: expect.stringContaining("throttled") }]);
  });

  it("are 504 when the function takes too long", async () => {
    const api = () => new Promise(() => undefined);
    const { get } = await startApi(catchAll, { api }, {}, { integrationTimeoutMs: 20 });
    const answer = await get("/x");
    expect([answer.status, await answer.json()]).toEqual([
      504,
      { message: "Endpoint request timed out" },
    ]);
  });

  it("are 500 when API Gateway may not invoke the function", async () => {
    const { get, lines } = await startApi(catchAll, { api: echo }, { allowedFunctionArns: [] });
    const answer = await get("/x");
    expect([answer.status, await answer.json()]).toEqual([
      500,
      { message: "Internal server error" },
    ]);
    expect(lines).toMatchObject([{ reason: `API test has no permission to invoke ${API_ARN}` }]);
  });

  it("are 413 for a body over 10 MB, whether its length is declared or not, on a connection that lives on", async () => {
    const { get } = await startApi(catchAll, { api: () => ({ statusCode: 204 }) });
    const size = 10 * 1024 * 1024;
    const chunks = async function* () {
      for (let sent = 0; sent <= size; sent += 1 << 20) yield new Uint8Array(1 << 20);
    };
    const declared = await get("/x", { method: "POST", body: Buffer.alloc(size + 1) });
    const streamed = await get("/x", {
      method: "POST",
      body: ReadableStream.from(chunks()),
      duplex: "half",
    } as RequestInit);
    expect([declared.status, streamed.status]).toEqual([413, 413]);
    expect((await get("/x", { method: "POST", body: Buffer.alloc(size) })).status).toBe(204);
  });

  it("are 431 for headers over 10,240 bytes", async () => {
    const { port } = await startApi(catchAll, { api: echo });
    const answer = await raw(
      port,
      `GET /x HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(10_300)}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431/);
  });

  it("are 429 over the stage's burst, until its rate has filled the bucket again", async () => {
    let clock = 0;
    const { get } = await startApi(
      catchAll,
      { api: () => ({ statusCode: 204 }) },
      { throttle: { rateLimit: 10, burstLimit: 2 } },
      { now: () => clock },
    );
    const statuses = async (count: number) => {
      const answers = [];
      for (let i = 0; i < count; i += 1) answers.push(await get("/x"));
      return answers.map((answer) => answer.status);
    };
    expect(await statuses(3)).toEqual([204, 204, 429]);
    clock += 100;
    expect(await statuses(2)).toEqual([204, 429]);
  });

  it("carry the headers and templates of the gateway responses", async () => {
    const responses = {
      DEFAULT_4XX: {
        responseParameters: {
          "gatewayresponse.header.Access-Control-Allow-Origin": "'https://web.example'",
          "gatewayresponse.header.Vary": "method.request.header.Origin",
        },
      },
      DEFAULT_5XX: {
        statusCode: "503",
        responseParameters: { "gatewayresponse.header.Content-Type": "'application/problem+json'" },
        responseTemplates: {
          "application/json":
            '{"detail":$context.error.messageString,"kind":"$context.error.responseType","requestId":"$context.requestId"}',
        },
      },
    };
    const { get } = await startApi(
      { paths: { "/a": { get: operation() } }, "x-amazon-apigateway-gateway-responses": responses },
      { api: () => null },
    );
    const missing = await get("/b", { headers: { origin: "https://other.example" } });
    expect(Object.fromEntries(missing.headers)).toMatchObject({
      "access-control-allow-origin": "https://web.example",
      vary: "https://other.example",
    });
    const broken = await get("/a");
    expect(broken.status).toBe(503);
    expect(broken.headers.get("content-type")).toBe("application/problem+json");
    expect(await broken.json()).toEqual({
      detail: "Internal server error",
      kind: "DEFAULT_5XX",
      requestId: broken.headers.get("x-amzn-requestid"),
    });
  });
});

describe("a mock integration", () => {
  it("answers a CORS preflight by itself", async () => {
    const mock = {
      type: "mock",
      requestTemplates: { "application/json": '{"statusCode": 204}' },
      responses: {
        default: {
          statusCode: "204",
          responseParameters: {
            "method.response.header.Access-Control-Allow-Origin": "'https://web.example'",
          },
        },
      },
    };
    const { get } = await startApi({
      paths: { "/a": { options: { "x-amazon-apigateway-integration": mock } } },
    });
    const answer = await get("/a", { method: "OPTIONS" });
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://web.example");
  });
});

describe("the document is refused", () => {
  const path = (get: object) => ({ paths: { "/a": { get } } });
  const mock = (changes: object) =>
    path({ "x-amazon-apigateway-integration": { type: "mock", ...changes } });
  it.each([
    [
      "an unknown extension",
      { ...catchAll, "x-amazon-apigateway-policy": {} },
      "x-amazon-apigateway-policy at its root",
    ],
    [
      "request validation",
      path(operation({}, { "x-amazon-apigateway-request-validator": "all" })),
      "x-amazon-apigateway-request-validator at /paths//a/get",
    ],
    [
      "another integration",
      path(operation({ type: "http_proxy" })),
      "integration of type http_proxy",
    ],
    ["no integration", path({}), "GET /a has no x-amazon-apigateway-integration"],
    [
      "a URI that is no function",
      path(operation({ uri: "https://example.org" })),
      "does not invoke a Lambda function",
    ],
    ["a method other than POST", path(operation({ httpMethod: "GET" })), "Lambda takes only POST"],
    ["a timeout over 29 s", path(operation({ timeoutInMillis: 30_000 })), "a timeout of 30000 ms"],
    [
      "an unknown integration key",
      path(operation({ credentials: "arn" })),
      "has credentials, which is not supported",
    ],
    ["security at its root", { ...catchAll, security: [{ jwt: [] }] }, "put it on each operation"],
    [
      "a scheme without an authorizer",
      path(operation({}, { security: [{ jwt: [] }] })),
      "on AWS it would be open",
    ],
    [
      "a mock with logic",
      mock({ requestTemplates: { "application/json": "#set($a = 1)" } }),
      "others are not supported",
    ],
    [
      "a gateway response with logic",
      {
        ...catchAll,
        "x-amazon-apigateway-gateway-responses": {
          DEFAULT_4XX: { responseTemplates: { "application/json": "$util.escape(1)" } },
        },
      },
      "a template with $util.escape",
    ],
  ])("for %s", async (_case, body, message) => {
    await expect(startApi(body)).rejects.toThrow(message);
  });
});
