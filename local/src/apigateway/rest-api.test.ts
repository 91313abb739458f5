import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { API_ARN, closeApis, type Handler, operation, startApi } from "./rest-api.testkit.ts";

afterAll(closeApis);

const echo: Handler = (event) => ({ statusCode: 200, body: JSON.stringify(event) });
const catchAll = { paths: { "/{proxy+}": { "x-amazon-apigateway-any-method": operation() } } };

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
