import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { APIGatewayTokenAuthorizerEvent } from "aws-lambda";
import {
  type CryptoKey,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MAX_USER_ID_BYTES } from "../image.ts";
import { rememberingLog } from "../log.testkit.ts";
import { createAuthorizer, remoteKeys } from "./authorizer.ts";

const ISSUER = "https://id.example/";
const AUDIENCE = "shoebox";
const ARN = "arn:aws:execute-api:us-east-1:000000000000:abc123/live/GET/v1/images/x/y";

let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let unlisted: Awaited<ReturnType<typeof generateKeyPair>>;
let stranger: Awaited<ReturnType<typeof generateKeyPair>>;
let server: Server;
let jwksUri: string;
let fetches = 0;
let answer: { status: number; body: string };
let jwks: string;

beforeAll(async () => {
  keys = await generateKeyPair("ES256", { extractable: true });
  stranger = await generateKeyPair("ES256");
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: "key-1", alg: "ES256", use: "sig" };
  unlisted = await generateKeyPair("ES384", { extractable: true });
  const other = { ...(await exportJWK(unlisted.publicKey)), kid: "key-2" };
  jwks = JSON.stringify({ keys: [jwk, other] });
  answer = { status: 200, body: jwks };
  server = createServer((_request, response) => {
    fetches += 1;
    response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  jwksUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
});
afterEach(() => {
  answer = { status: 200, body: jwks };
  fetches = 0;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const seconds = () => Math.floor(Date.now() / 1000);
const claims = (changes: JWTPayload = {}): JWTPayload => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: "ann",
  exp: seconds() + 300,
  ...changes,
});
const without = (name: keyof JWTPayload) => {
  const { [name]: _, ...rest } = claims();
  return rest;
};

function sign(
  payload: JWTPayload = claims(),
  header: Partial<JWTHeaderParameters> = {},
  key: CryptoKey | Uint8Array = keys.privateKey,
): Promise<string> {
  return new SignJWT(payload)
    .setProtectedHeader({ alg: "ES256", kid: "key-1", ...header })
    .sign(key);
}

function start() {
  const { log, lines } = rememberingLog();
  const authorize = createAuthorizer({
    issuer: ISSUER,
    audience: AUDIENCE,
    keys: remoteKeys(jwksUri),
    log,
  });
  const ask = (authorizationToken: string) =>
    authorize({
      type: "TOKEN",
      methodArn: ARN,
      authorizationToken,
    } as APIGatewayTokenAuthorizerEvent);
  return { ask, lines };
}

describe("the authorizer", () => {
  it("lets the bearer of a valid token call the whole stage, since API Gateway caches its answer", async () => {
    const { ask } = start();
    expect(await ask(`Bearer ${await sign()}`)).toEqual({
      principalId: "ann",
      policyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Action: "execute-api:Invoke",
            Effect: "Allow",
            Resource: "arn:aws:execute-api:us-east-1:000000000000:abc123/live/*",
          },
        ],
      },
      context: { userId: "ann", admin: false },
    });
  });

  it.each([
    ["shoebox:admin", true],
    ["openid shoebox:admin email", true],
    ["shoebox:administrator", false],
    ["xshoebox:admin", false],
    ["", false],
  ])("takes the scope %j for an admin's: %s", async (scope, admin) => {
    const { ask } = start();
    const { context } = await ask(`bearer ${await sign(claims({ scope }))}`);
    expect(context?.admin).toBe(admin);
  });

  it.each([
    "海".repeat(233),
    "auth0|5f7c",
    "user@example.org",
    "a b",
    "🌆",
    "x".repeat(MAX_USER_ID_BYTES),
  ])("takes the subject %s", async (sub) => {
    const { ask } = start();
    expect((await ask(`Bearer ${await sign(claims({ sub }))}`)).principalId).toBe(sub);
  });
});

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

const refused: Record<string, () => Promise<string> | string> = {
  nothing: () => "",
  "another scheme": async () => `Basic ${await sign()}`,
  "no scheme": () => sign(),
  "two tokens": async () => `Bearer ${await sign()} ${await sign()}`,
  "a line more": async () => `Bearer ${await sign()}\n`,
  "alg none": () => `Bearer ${base64url({ alg: "none", kid: "key-1" })}.${base64url(claims())}.`,
  "alg none with a signature": () =>
    `Bearer ${base64url({ alg: "none" })}.${base64url(claims())}.AA`,
  "HS256 with the public key as its secret": async () => {
    const secret = new TextEncoder().encode(await exportSPKI(keys.publicKey));
    return `Bearer ${await sign(claims(), { alg: "HS256" }, secret)}`;
  },
  "an algorithm that is not on the list, by a key of the issuer": async () =>
    `Bearer ${await sign(claims(), { alg: "ES384", kid: "key-2" }, unlisted.privateKey)}`,
  "another's key under the right name": async () =>
    `Bearer ${await sign(claims(), {}, stranger.privateKey)}`,
  "a key inside the token itself": async () => {
    const jwk = await exportJWK(stranger.publicKey);
    return `Bearer ${await sign(claims(), { jwk, kid: undefined }, stranger.privateKey)}`;
  },
  "changed claims": async () => {
    const [head, , signature] = (await sign()).split(".");
    return `Bearer ${head}.${base64url(claims({ sub: "bob" }))}.${signature}`;
  },
  "another issuer": async () => `Bearer ${await sign(claims({ iss: "https://id.example" }))}`,
  "no issuer": async () => `Bearer ${await sign(without("iss"))}`,
  "another audience": async () => `Bearer ${await sign(claims({ aud: ["other", "more"] }))}`,
  "no audience": async () => `Bearer ${await sign(without("aud"))}`,
  "an end in the past": async () => `Bearer ${await sign(claims({ exp: seconds() - 60 }))}`,
  "no end": async () => `Bearer ${await sign(without("exp"))}`,
  "an end that is no number": async () =>
    `Bearer ${await sign(claims({ exp: "never" as unknown as number }))}`,
  "a beginning in the future": async () => `Bearer ${await sign(claims({ nbf: seconds() + 60 }))}`,
  "no subject": async () => `Bearer ${await sign(without("sub"))}`,
  "an empty subject": async () => `Bearer ${await sign(claims({ sub: "" }))}`,
  "a subject with a separator of keys": async () =>
    `Bearer ${await sign(claims({ sub: "ann#1" }))}`,
  "a subject with a control character": async () =>
    `Bearer ${await sign(claims({ sub: "ann\u0000" }))}`,
  "a subject with half a character": async () => `Bearer ${await sign(claims({ sub: "a\ud83c" }))}`,
  "a subject too long for a key": async () =>
    `Bearer ${await sign(claims({ sub: "海".repeat(234) }))}`,
  "an unknown key": async () => `Bearer ${await sign(claims(), { kid: "key-9" })}`,
};

describe("the authorizer answers 401 to", () => {
  it.each(Object.keys(refused))("%s", async (name) => {
    const { ask } = start();
    const header = (await refused[name]?.()) ?? "";
    await expect(ask(header)).rejects.toThrow(/^Unauthorized$/);
  });
});

describe("the issuer's keys", () => {
  it("are fetched once, and not again for every token with an unknown key", async () => {
    const { ask } = start();
    for (let turn = 0; turn < 3; turn++) {
      await ask(`Bearer ${await sign()}`);
      const unknown = `Bearer ${await sign(claims(), { kid: `key-${turn}x` })}`;
      await expect(ask(unknown)).rejects.toThrow("Unauthorized");
    }
    expect(fetches).toBe(1);
  });

  it.each([
    ["an error", { status: 503, body: "{}" }],
    ["no JSON", { status: 200, body: "<html>" }],
    ["no keys", { status: 200, body: '{"keys":7}' }],
  ])("that can't be had (%s) are a fault of ours, not of the token", async (_case, broken) => {
    const { ask, lines } = start();
    answer = broken;
    const token = `Bearer ${await sign()}`;
    await expect(ask(token)).rejects.not.toThrow("Unauthorized");
    expect(lines.at(-1)).toMatchObject({ level: 50, msg: "the issuer's keys can't be had" });
    answer = { status: 200, body: jwks };
    expect((await ask(token)).principalId).toBe("ann");
  });

  it("that nobody answers for are a fault of ours too", async () => {
    const { log } = rememberingLog();
    const closed = createAuthorizer({
      issuer: ISSUER,
      audience: AUDIENCE,
      keys: remoteKeys("http://127.0.0.1:1/jwks"),
      log,
    });
    const event = { type: "TOKEN", methodArn: ARN, authorizationToken: `Bearer ${await sign()}` };
    await expect(closed(event as APIGatewayTokenAuthorizerEvent)).rejects.not.toThrow(
      "Unauthorized",
    );
  });
});

it("a refusal is told to the log with its reason, and never with the token", async () => {
  const { ask, lines } = start();
  const token = await sign(claims({ exp: seconds() - 60 }));
  await expect(ask(`Bearer ${token}`)).rejects.toThrow("Unauthorized");
  expect(lines).toEqual([
    expect.objectContaining({ msg: "a token was refused", reason: expect.stringMatching(/exp/) }),
  ]);
  expect(JSON.stringify(lines)).not.toContain(token);
});
