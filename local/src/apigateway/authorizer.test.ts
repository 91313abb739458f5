import { afterAll, describe, expect, it } from "vitest";
import { AUTH_ARN, closeApis, invokeUri, operation, startApi } from "./rest-api.testkit.ts";

afterAll(closeApis);

const STAGE = "arn:aws:execute-api:us-east-1:000000000000:abc123/live";

function policy(Resource: string | string[], Effect = "Allow") {
  return { Statement: [{ Action: "execute-api:Invoke", Effect, Resource }] };
}

function document(changes: object = {}) {
  const secured = operation({}, { security: [{ jwt: [] }] });
  return {
    paths: {
      "/a": { get: secured, delete: secured },
      "/b/{id}": { get: secured },
      "/open": { get: operation() },
    },
    components: {
      securitySchemes: {
        jwt: {
          type: "apiKey",
          in: "header",
          name: "Authorization",
          "x-amazon-apigateway-authtype": "custom",
          "x-amazon-apigateway-authorizer": {
            type: "token",
            authorizerUri: invokeUri(AUTH_ARN),
            authorizerResultTtlInSeconds: 60,
            identitySource: "method.request.header.Authorization",
            ...changes,
          },
        },
      },
    },
  };
}

const api = (event: Record<string, unknown>) => ({ statusCode: 200, body: JSON.stringify(event) });
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe("a Lambda authorizer", () => {
  it("gets the documented TOKEN event, and the function gets what it returns as strings", async () => {
    let event: unknown;
    const { get } = await startApi(document(), {
      api,
      auth: (given) => {
        event = given;
        return {
          principalId: "u1",
          policyDocument: policy("*"),
          context: { admin: true, level: 3 },
        };
      },
    });
    const answer = await get("/b/x%20y?q=1", bearer("t"));
    expect(event).toEqual({
      type: "TOKEN",
      methodArn: `${STAGE}/GET/b/x%20y`,
      authorizationToken: "Bearer t",
    });
    const { requestContext } = (await answer.json()) as { requestContext: object };
    expect(requestContext).toMatchObject({
      authorizer: {
        principalId: "u1",
        admin: "true",
        level: "3",
        integrationLatency: expect.any(Number),
      },
    });
  });

  it("gets the whole request when it is of type request", async () => {
    let event: unknown;
    const identitySource = "method.request.header.Authorization, method.request.querystring.key";
    const { get } = await startApi(document({ type: "request", identitySource }), {
      api,
      auth: (given) => {
        event = given;
        return { principalId: "u1", policyDocument: policy("*") };
      },
    });
    expect((await get("/b/1", bearer("t"))).status).toBe(401);
    expect((await get("/b/1?key=k", bearer("t"))).status).toBe(200);
    expect(event).toMatchObject({
      type: "REQUEST",
      methodArn: `${STAGE}/GET/b/1`,
      resource: "/b/{id}",
      pathParameters: { id: "1" },
      queryStringParameters: { key: "k" },
      requestContext: { stage: "live", apiId: "abc123" },
    });
  });

  it("is asked once per token until the time to live is over", async () => {
    let clock = 0;
    const asked: unknown[] = [];
    const auth = ({ authorizationToken }: Record<string, unknown>) => {
      asked.push(authorizationToken);
      return { principalId: "u", policyDocument: policy(`${STAGE}/*`) };
    };
    const { get } = await startApi(document(), { api, auth }, {}, { now: () => clock });
    for (const path of ["/a", "/a", "/b/1"])
      expect((await get(path, bearer("1"))).status).toBe(200);
    await get("/a", bearer("2"));
    expect(asked).toEqual(["Bearer 1", "Bearer 2"]);
    clock = 59_999;
    await get("/a", bearer("1"));
    expect(asked).toHaveLength(2);
    clock = 60_000;
    await get("/a", bearer("1"));
    expect(asked).toHaveLength(3);
  });

  it("is asked every time when the time to live is 0", async () => {
    let asked = 0;
    const auth = () => {
      asked += 1;
      return { principalId: "u", policyDocument: policy("*") };
    };
    const { get } = await startApi(document({ authorizerResultTtlInSeconds: 0 }), { api, auth });
    await get("/a", bearer("1"));
    await get("/a", bearer("1"));
    expect(asked).toBe(2);
  });

  it("has its cached policy evaluated for each method anew", async () => {
    const auth = () => ({ principalId: "u", policyDocument: policy(`${STAGE}/GET/a`) });
    const { get } = await startApi(document(), { api, auth });
    expect((await get("/a", bearer("1"))).status).toBe(200);
    const denied = await get("/a", { method: "DELETE", ...bearer("1") });
    expect(denied.status).toBe(403);
    expect(denied.headers.get("x-amzn-errortype")).toBe("AccessDeniedException");
    expect(await denied.json()).toEqual({
      Message: "User is not authorized to access this resource",
    });
  });

  it("denies explicitly", async () => {
    const auth = () => ({ principalId: "u", policyDocument: policy("*", "Deny") });
    const { get } = await startApi(document(), { api, auth });
    const denied = await get("/a", bearer("1"));
    expect(denied.status).toBe(403);
    expect(await denied.json()).toEqual({
      Message: "User is not authorized to access this resource with an explicit deny",
    });
  });

  it("is not asked without the header or with one of the wrong form", async () => {
    let asked = 0;
    const auth = () => {
      asked += 1;
    };
    const { get } = await startApi(document({ identityValidationExpression: "Bearer [a-z]+" }), {
      api,
      auth,
    });
    for (const init of [{}, bearer("123")]) {
      const refused = await get("/a", init);
      expect(refused.status).toBe(401);
      expect(await refused.json()).toEqual({ message: "Unauthorized" });
    }
    expect((await get("/open")).status).toBe(200);
    expect(asked).toBe(0);
  });

  it.each([
    [
      "throws Unauthorized",
      () => Promise.reject(new Error("Unauthorized")),
      401,
      { message: "Unauthorized" },
    ],
    ["throws anything else", () => Promise.reject(new Error("boom")), 500, { message: null }],
    ["returns no policy", () => ({ principalId: "u" }), 500, { message: null }],
    ["returns no principal", () => ({ policyDocument: policy("*") }), 500, { message: null }],
    [
      "returns an object in its context",
      () => ({ principalId: "u", policyDocument: policy("*"), context: { a: {} } }),
      500,
      { message: null },
    ],
  ])("that %s", async (_case, auth, status, body) => {
    const { get } = await startApi(document(), { api, auth });
    const answer = await get("/a", bearer("1"));
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual(body);
  });

  it("is not invoked without permission", async () => {
    const { get } = await startApi(document(), { api }, { allowedFunctionArns: [] });
    const answer = await get("/a", bearer("1"));
    expect(answer.status).toBe(500);
    expect(answer.headers.get("x-amzn-errortype")).toBe("AuthorizerConfigurationException");
  });
});
