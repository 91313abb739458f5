import { authorizerConfig, createAuthorizer, remoteKeys } from "@shoebox/shared/auth/authorizer";
import { commonConfig, loadConfig } from "@shoebox/shared/config";
import { createLogger } from "@shoebox/shared/log";

const config = loadConfig({ ...commonConfig, ...authorizerConfig });

export const handler = createAuthorizer({
  issuer: config.OIDC_ISSUER,
  audience: config.OIDC_AUDIENCE,
  keys: remoteKeys(config.OIDC_JWKS_URI),
  log: createLogger(config.SERVICE, config.LOG_LEVEL),
});
