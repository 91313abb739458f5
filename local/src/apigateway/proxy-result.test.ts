import { afterAll, describe, expect, it } from "vitest";
import { closeApis, operation, startApi } from "./rest-api.testkit.ts";

afterAll(closeApis);

const catchAll = { paths: { "/{proxy+}": { "x-amazon-apigateway-any-method": operation() } } };

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
