import { createAuthorizer, remoteKeys } from "@shoebox/shared/auth/authorizer";
import { createLogger } from "@shoebox/shared/log";
import { config } from "../config.ts";

export const handler = createAuthorizer({
  issuer: config.OIDC_ISSUER,
  audience: config.OIDC_AUDIENCE,
  keys: remoteKeys(config.OIDC_JWKS_URI),
  log: createLogger(config.SERVICE, config.LOG_LEVEL),
});
