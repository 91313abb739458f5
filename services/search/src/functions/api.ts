import { readSecret } from "@shoebox/shared/aws/secret";
import { createCdnSigner } from "@shoebox/shared/cdn/signer";
import { createApi } from "@shoebox/shared/http/api";
import { lambdaHandler } from "@shoebox/shared/http/lambda";
import { routes } from "../api/routes.ts";
import { config } from "../config.ts";
import { service } from "../service.ts";

const cdn = createCdnSigner({
  baseUrl: config.CDN_DOMAIN,
  keyId: config.CDN_KEY_ID,
  privateKey: await readSecret(config.CDN_KEY_SECRET),
});

export const handler = lambdaHandler(
  createApi({
    routes,
    deps: { ...service, cdn },
    log: service.log,
    corsOrigins: config.CORS_ORIGINS,
  }),
);
