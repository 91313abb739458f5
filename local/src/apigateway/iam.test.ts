import { createSigner } from "@shoebox/ops/sign";
import { afterAll, describe, expect, it } from "vitest";
import { closeApis, operation, startApi } from "./rest-api.testkit.ts";

afterAll(closeApis);

const CALLER = {
  accessKeyId: "AKIALOCAL1",
  secretAccessKey: "secret",
  userArn: "arn:aws:iam::000000000000:user/operator",
  userId: "AIDALOCAL1",
  policy: [
    {
      Action: ["execute-api:Invoke"],
      Resource: ["arn:aws:execute-api:us-east-1:000000000000:abc123/live/*/v1/things/ops/*"],
    },
  ],
};
const secured = operation({}, { security: [{ sigv4: [] }] });
const document = (scheme: object = {}) => ({
  paths: {
    "/v1/things/ops/{id}": { get: secured, post: secured },
    "/v1/things/others": { get: secured },
  },
  components: {
    securitySchemes: {
      sigv4: {
        type: "apiKey",
        in: "header",
        name: "Authorization",
        "x-amazon-apigateway-authtype": "awsSigv4",
        ...scheme,
      },
    },
  },
});
const echo = (event: Record<string, unknown>) => ({ statusCode: 200, body: JSON.stringify(event) });

/** An API behind IAM, and how to call it with what the SDK has signed. */
async function start(options: { ahead?: number } = {}) {
  const now = () => Date.now() + (options.ahead ?? 0);
  const api = await startApi(document(), { api: echo }, { callers: [CALLER] }, { now });
  const url = (path: string) => new URL(`http://127.0.0.1:${api.port}${path}`);
  /** The signed headers of a request, by whoever it is said to be. */
  async function signed(
    path: string,
    { method = "GET", body, ...who }: Partial<Request> & { method?: string; body?: string } = {},
  ) {
    const { accessKeyId = CALLER.accessKeyId, secretAccessKey = CALLER.secretAccessKey } = who;
    const { region = "us-east-1", sessionToken } = who;
    const credentials = { accessKeyId, secretAccessKey, sessionToken };
    const sign = createSigner({ region, credentials });
    const { host: _, ...headers } = await sign({ method, url: url(path), headers: {}, body });
    return headers;
  }
  async function call(path: string, init: RequestInit = {}) {
    const answer = await fetch(url(path), init);
    const text = await answer.text();
    return {
      status: answer.status,
      type: answer.headers.get("x-amzn-errortype"),
      body: JSON.parse(text) as Record<string, unknown>,
    };
  }
  return { signed, call };
}

interface Request {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
  sessionToken: string;
}

describe("a method behind IAM", () => {
  it("is open to who signs by the SDK and has a policy for it, and the function learns who that is", async () => {
    const { signed, call } = await start();
    for (const path of ["/v1/things/ops/1", "/v1/things/ops/a%20b%2Fc?x=1&a=%C3%BC%20y&x=0"]) {
      const { status, body } = await call(path, { headers: await signed(path) });
      expect([path, status]).toEqual([path, 200]);
      const context = body.requestContext as { identity: object; authorizer?: object };
      expect(context.identity).toMatchObject({
        userArn: CALLER.userArn,
        accessKey: CALLER.accessKeyId,
        accountId: "000000000000",
        user: CALLER.userId,
        caller: CALLER.userId,
      });
      expect(context.authorizer).toBeUndefined();
    }
    const body = JSON.stringify({ text: "grüß" });
    const headers = await signed("/v1/things/ops/1", { method: "POST", body });
    expect((await call("/v1/things/ops/1", { method: "POST", headers, body })).status).toBe(200);
  });

  it("is closed to who does not sign, or sends a token", async () => {
    const { call } = await start();
    const missing = await call("/v1/things/ops/1");
    expect(missing).toEqual({
      status: 403,
      type: "MissingAuthenticationTokenException",
      body: { message: "Missing Authentication Token" },
    });
    const token = await call("/v1/things/ops/1", { headers: { authorization: "Bearer t" } });
    expect([token.status, token.type]).toEqual([403, "IncompleteSignatureException"]);
    expect(token.body.message).toMatch(/^Authorization header requires 'Credential' parameter[.] /);
  });

  it("is closed when anything of the request is not what was signed", async () => {
    const { signed, call } = await start();
    const path = "/v1/things/ops/1";
    const post = { method: "POST", body: '{"repair":false}' };
    const headers = await signed(path, post);
    const tampered: [string, RequestInit][] = [
      [path, { ...post, headers, body: '{"repair":true}' }],
      [path, { headers }],
      [`${path}0`, { ...post, headers }],
      [`${path}?x=1`, { ...post, headers }],
      [path, { ...post, headers: { ...headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } }],
      [path, { ...post, headers: { ...headers, "x-amz-added": "1" } }],
      [
        path,
        {
          ...post,
          headers: { ...headers, authorization: withoutSigned(headers.authorization, "host") },
        },
      ],
    ];
    for (const [to, init] of tampered) {
      const { status, type } = await call(to, init);
      expect([to, status, type]).toEqual([to, 403, "InvalidSignatureException"]);
    }
    expect((await call(path, { ...post, headers })).status).toBe(200);
  });

  it("is closed to a wrong key, an unknown one, a session nobody began, another region", async () => {
    const { signed, call } = await start();
    const path = "/v1/things/ops/1";
    const whys = [
      [{ secretAccessKey: "guess" }, "InvalidSignatureException", /does not match/],
      [{ accessKeyId: "AKIAOTHER" }, "UnrecognizedClientException", /security token/],
      [{ sessionToken: "made-up" }, "UnrecognizedClientException", /security token/],
      [{ region: "eu-west-1" }, "InvalidSignatureException", /valid region, not 'eu-west-1'/],
    ] as const;
    for (const [who, type, why] of whys) {
      const answer = await call(path, { headers: await signed(path, who) });
      expect([answer.status, answer.type]).toEqual([403, type]);
      expect(answer.body.message).toMatch(why);
    }
  });

  it.each([
    [6, /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(.* - 5 min[.]\)$/],
    [-6, /^Signature not yet current: .* is still later than .* \+ 5 min[.]\)$/],
  ])("is closed to a signature when the clocks are %s minutes apart", async (minutes, why) => {
    const { signed, call } = await start({ ahead: minutes * 60_000 });
    const path = "/v1/things/ops/1";
    const answer = await call(path, { headers: await signed(path) });
    expect([answer.status, answer.type]).toEqual([403, "InvalidSignatureException"]);
    expect(answer.body.message).toMatch(why);
    const near = await start({ ahead: Math.sign(minutes) * 4 * 60_000 });
    expect((await near.call(path, { headers: await near.signed(path) })).status).toBe(200);
  });

  it("is closed to who has no policy for it, and says which right is missing without the account's number", async () => {
    const { signed, call } = await start();
    const path = "/v1/things/others";
    expect(await call(path, { headers: await signed(path) })).toEqual({
      status: 403,
      type: "AccessDeniedException",
      body: {
        Message: `User: ${CALLER.userArn} is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********0000:abc123/live/GET/v1/things/others`,
      },
    });
  });
});

it.each([
  [{ in: "query" }, "no apiKey in the header Authorization"],
  [{ "x-amazon-apigateway-authtype": "awsSigv5" }, "on AWS it would be open"],
])("a scheme that is nearly IAM's is refused: %j", async (scheme, why) => {
  await expect(startApi(document(scheme))).rejects.toThrow(why);
});

function withoutSigned(authorization = "", name = ""): string {
  return authorization.replace(`${name};`, "");
}
