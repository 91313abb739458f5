import type { IncomingMessage, ServerResponse } from "node:http";
import { exportJWK, importPKCS8, importSPKI, SignJWT } from "jose";
import { z } from "zod";
import type { Resource } from "../../graph/resource.ts";
import type { Keys } from "../keys.ts";
import { readJson } from "./read-json.ts";
import { sendJson, sendProblem } from "./respond.ts";

const KEY_ID = "local-1";
const TokenRequest = z.strictObject({
  userId: z.string().min(1).max(256),
  admin: z.boolean().optional(),
});

/** The local stand-in for an OIDC provider: anybody who asks is who they say. Issuer and audience are the services' own. */
export async function tokenIssuer(keys: Keys, graph: Resource[]) {
  const privateKey = await importPKCS8(keys.tokens.privateKeyPem, "ES256");
  const publicKey = await importSPKI(keys.tokens.publicKeyPem, "ES256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: "ES256", use: "sig" };
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience } = environmentOfAny(graph);

  return {
    keys: (_: IncomingMessage, response: ServerResponse) => {
      sendJson(response, 200, { keys: [jwk] });
    },
    token: async (request: IncomingMessage, response: ServerResponse) => {
      const wanted = TokenRequest.safeParse(await readJson(request));
      if (!wanted.success) {
        const detail = 'Send {"userId": "…", "admin"?: true} as JSON.';
        sendProblem(response, 400, "invalid-request", detail);
        return;
      }
      const { userId, admin } = wanted.data;
      const token = await new SignJWT(admin ? { scope: "shoebox:admin" } : {})
        .setProtectedHeader({ alg: "ES256", kid: KEY_ID, typ: "JWT" })
        .setSubject(userId)
        .setIssuer(issuer ?? "")
        .setAudience(audience ?? "")
        .setIssuedAt()
        .setExpirationTime("12h")
        .sign(privateKey);
      sendJson(response, 200, { token });
    },
  };
}

function environmentOfAny(graph: Resource[]): Record<string, string> {
  const fn = graph.find((resource) => resource.type === "aws:lambda/function:Function");
  const environment = fn?.inputs.environment as { variables: Record<string, string> } | undefined;
  return environment?.variables ?? {};
}
