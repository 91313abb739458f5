import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  decodeJwt,
  decodeProtectedHeader,
  generateKeyPair,
  importPKCS8,
  SignJWT,
  UnsecuredJWT,
} from "jose";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { type Problem, request, signIn, type User } from "./client.ts";

const url = inject("url");
let user: User;
let forged: Record<string, string | undefined>;
let right: string;
const now = () => Math.floor(Date.now() / 1_000);

/** The local issuer's own key: signed by another one, a token would be refused for that alone. */
function importIssuersKey() {
  const file = join(inject("folder"), "cloud", "keys.json");
  const { tokens } = JSON.parse(readFileSync(file, "utf8")) as {
    tokens: { privateKeyPem: string };
  };
  return importPKCS8(tokens.privateKeyPem, "ES256");
}

beforeAll(async () => {
  user = await signIn(url);
  const { iss = "", aud = "", sub = "", exp = 0 } = decodeJwt(user.token);
  const { kid = "", alg = "" } = decodeProtectedHeader(user.token);
  const { privateKey: foreignKey } = await generateKeyPair("ES256");
  const issuersKey = await importIssuersKey();
  const secret = new TextEncoder().encode("a secret that nobody should know".repeat(2));
  const claims = () => new SignJWT({}).setSubject(sub).setIssuer(iss).setAudience(aud);
  const [head, payload, signature = ""] = user.token.split(".");
  const altered = Buffer.from(JSON.stringify({ ...decodeJwt(user.token), sub: "somebody" }));
  const sign = (jwt: SignJWT, key = issuersKey, header = { alg, kid }) =>
    jwt.setProtectedHeader(header).setExpirationTime(exp).sign(key);
  const hour = 3_600;
  // What is right with these tokens is checked below: only one thing is wrong with each of them.
  right = `Bearer ${await sign(claims())}`;
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
    "another key": `Bearer ${await sign(claims(), foreignKey)}`,
    "another key under an unknown id": `Bearer ${await sign(claims(), foreignKey, { alg, kid: "else" })}`,
    "another issuer": `Bearer ${await sign(claims().setIssuer("https://issuer.example"))}`,
    "no issuer": `Bearer ${await sign(new SignJWT({}).setSubject(sub).setAudience(aud))}`,
    "another audience": `Bearer ${await sign(claims().setAudience("another-service"))}`,
    "no audience": `Bearer ${await sign(new SignJWT({}).setSubject(sub).setIssuer(iss))}`,
    "no subject": `Bearer ${await sign(new SignJWT({}).setIssuer(iss).setAudience(aud))}`,
    "no end": `Bearer ${await claims().setProtectedHeader({ alg, kid }).sign(issuersKey)}`,
    "an expired token": `Bearer ${await claims()
      .setProtectedHeader({ alg, kid })
      .setExpirationTime(now() - hour)
      .sign(issuersKey)}`,
    "a token of tomorrow": `Bearer ${await sign(claims().setNotBefore(now() + hour))}`,
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

it("a token of the same making with nothing wrong is a valid one", async () => {
  const headers = { Authorization: right };
  expect((await request("GET", `${url}/v1/images`, { headers })).status).toBe(200);
  expect((await user.get("/v1/images")).status).toBe(200);
});
