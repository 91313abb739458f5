import { describe, expect, it } from "vitest";
import { operation, startApi } from "./rest-api.testkit.ts";

const catchAll = { paths: { "/{proxy+}": { "x-amazon-apigateway-any-method": operation() } } };

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
