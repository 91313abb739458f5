import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { type Problem, request, signIn, type User } from "./client.ts";

const url = inject("url");
let user: User;
let forged: Record<string, string | undefined>;

beforeAll(async () => {
  user = await signIn(url);
  const { iss = "", aud = "", sub = "", exp = 0 } = decodeJwt(user.token);
  const { kid = "", alg = "" } = decodeProtectedHeader(user.token);
  const { privateKey } = await generateKeyPair("ES256");
  const secret = new TextEncoder().encode("a secret that nobody should know".repeat(2));
  const claims = () => new SignJWT({}).setSubject(sub).setIssuer(iss).setAudience(aud);
  const [head, payload, signature = ""] = user.token.split(".");
  const altered = Buffer.from(JSON.stringify({ ...decodeJwt(user.token), sub: "somebody" }));
  const sign = (jwt: SignJWT, header = { alg, kid }) =>
    jwt.setProtectedHeader(header).setExpirationTime(exp).sign(privateKey);
  forged = {
    "no token": undefined,
    "an empty one": "Bearer ",
    garbage: "Bearer garbage",
    "three parts of garbage": "Bearer a.b.c",
    "another scheme": `Basic ${Buffer.from("ann:ann").toString("base64")}`,
    "a token without its scheme": user.token,
    "algorithm none": `Bearer ${new UnsecuredJWT({}).setSubject(sub).setIssuer(iss).setAudience(aud).setExpirationTime(exp).encode()}`,
    "algorithm none with the signature kept": `Bearer ${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.${signature}`,
    "a symmetric algorithm": `Bearer ${await claims().setProtectedHeader({ alg: "HS256", kid }).setExpirationTime(exp).sign(secret)}`,
    "another key": `Bearer ${await sign(claims())}`,
    "another key under an unknown id": `Bearer ${await sign(claims(), { alg, kid: "else" })}`,
    "another issuer": `Bearer ${await sign(claims().setIssuer("https://issuer.example"))}`,
    "another audience": `Bearer ${await sign(claims().setAudience("another-service"))}`,
    "an expired token": `Bearer ${await claims().setProtectedHeader({ alg, kid }).setExpirationTime(1_600_000_000).sign(privateKey)}`,
    "another subject under the same signature": `Bearer ${head}.${altered.toString("base64url")}.${signature}`,
    "the signature cut off": `Bearer ${head}.${payload}.`,
  };
});

const routes: [string, string][] = [
  ["POST", "/v1/uploads"],
  ["GET", "/v1/uploads/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"],
  ["DELETE", "/v1/uploads/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"],
  ["GET", "/v1/images"],
  ["GET", "/v1/images/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"],
  ["GET", "/v1/images/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55/url"],
  ["PATCH", "/v1/images/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"],
  ["DELETE", "/v1/images/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"],
  ["GET", "/v1/processing/presets"],
  ["GET", "/v1/processing/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"],
  ["GET", "/v1/search"],
];

describe.each(routes)("%s %s", (method, path) => {
  it("answers 401 and nothing else to whatever is no valid token", async () => {
    for (const [what, authorization] of Object.entries(forged)) {
      const { status, headers, body } = await request<Problem>(method, `${url}${path}`, {
        headers: authorization === undefined ? {} : { Authorization: authorization },
      });
      expect(status, what).toBe(401);
      expect(headers.get("content-type"), what).toBe("application/problem+json");
      expect(body, what).toMatchObject({
        type: "urn:shoebox:problem:unauthorized",
        title: expect.any(String),
        status: 401,
        detail: expect.any(String),
        requestId: expect.any(String),
      });
    }
  });
});

it("the token those were made from is a valid one", async () => {
  expect((await user.get("/v1/images")).status).toBe(200);
});
