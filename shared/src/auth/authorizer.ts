import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent } from "aws-lambda";
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from "jose";
import { z } from "zod";
import { MAX_USER_ID_BYTES } from "../image.ts";
import type { Logger } from "../log.ts";

/** What an issuer of tokens (any OIDC provider) must be known by. */
export const authorizerConfig = {
  OIDC_ISSUER: z.string().min(1),
  OIDC_AUDIENCE: z.string().min(1),
  OIDC_JWKS_URI: z.url(),
} as const;

/** Asymmetric algorithms only: with them a token can't be forged from the public key. */
const ALGORITHMS = ["RS256", "ES256", "EdDSA"];
const ADMIN_SCOPE = "shoebox:admin";

/** What a token must say besides who issued it for whom; one that never ends is none. */
const Claims = z.object({
  // The subject becomes part of keys in DynamoDB and S3. Halves of surrogate pairs would all become
  // the same replacement character there, and so different users one.
  sub: z
    .string()
    .regex(/^[^\p{Cc}\p{Cs}#]+$/u)
    .refine((sub) => Buffer.byteLength(sub) <= MAX_USER_ID_BYTES),
  exp: z.number(),
  scope: z.string().optional(),
});

/**
 * A Lambda authorizer (type TOKEN) for any OIDC issuer. API Gateway caches its answer by token for
 * all routes of the stage, so the policy covers the whole stage and never one route; which user and
 * whether an admin travels in the context. Throwing "Unauthorized" is how API Gateway is told 401;
 * whatever else is thrown becomes a 500, so that an issuer that is down logs nobody out.
 */
export function createAuthorizer(options: {
  issuer: string;
  audience: string;
  keys: JWTVerifyGetKey;
  log: Logger;
}): (event: APIGatewayTokenAuthorizerEvent) => Promise<APIGatewayAuthorizerResult> {
  return async (event) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(event.authorizationToken)?.[1];
    const claims = token && (await verify(token, options));
    if (!claims) throw new Error("Unauthorized");
    const scopes = claims.scope?.split(" ") ?? [];
    return {
      principalId: claims.sub,
      policyDocument: {
        Version: "2012-10-17",
        Statement: [
          { Action: "execute-api:Invoke", Effect: "Allow", Resource: wholeStage(event.methodArn) },
        ],
      },
      context: { userId: claims.sub, admin: scopes.includes(ADMIN_SCOPE) },
    };
  };
}

/** The issuer's public keys, fetched when first needed and cached; an unknown `kid` fetches again, at most every 30 s. */
export function remoteKeys(jwksUri: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(jwksUri));
}

async function verify(
  token: string,
  options: { issuer: string; audience: string; keys: JWTVerifyGetKey; log: Logger },
): Promise<z.infer<typeof Claims> | undefined> {
  try {
    const { payload } = await jwtVerify(token, options.keys, {
      issuer: options.issuer,
      audience: options.audience,
      algorithms: ALGORITHMS,
      clockTolerance: 5,
    });
    return Claims.parse(payload);
  } catch (error) {
    if (!isRefusal(error)) {
      options.log.error({ err: error }, "the issuer's keys can't be had");
      throw error;
    }
    options.log.info({ reason: error.message }, "a token was refused");
    return undefined;
  }
}

/** True when the token is at fault; false when the issuer did not answer, or not with keys. */
function isRefusal(error: unknown): error is Error {
  if (error instanceof z.ZodError) return true;
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    // What jose throws, with no name of its own, when the answer is not a 200 with JSON.
    error.code !== errors.JOSEError.code
  );
}

/** `arn:aws:execute-api:region:account:api/stage/GET/v1/x` → `…:api/stage/*`. */
function wholeStage(methodArn: string): string {
  const [api, stage] = methodArn.split("/");
  return `${api}/${stage}/*`;
}
