import { commonConfig, loadConfig } from "../config.ts";
import { createLogger } from "../log.ts";
import { authorizerConfig, createAuthorizer, remoteKeys } from "./authorizer.ts";

const config = loadConfig({ ...commonConfig, ...authorizerConfig });

/** The authorizer as a Lambda function: the same in every service, and deployed by each for itself. */
export const handler = createAuthorizer({
  issuer: config.OIDC_ISSUER,
  audience: config.OIDC_AUDIENCE,
  keys: remoteKeys(config.OIDC_JWKS_URI),
  log: createLogger(config.SERVICE, config.LOG_LEVEL),
});
