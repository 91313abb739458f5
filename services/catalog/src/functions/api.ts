import { configuredRateLimiter } from "@shoebox/shared/aws/configured-rate-limiter";
import { configuredSigner } from "@shoebox/shared/cdn/configured-signer";
import { createApi } from "@shoebox/shared/http/api";
import { lambdaHandler } from "@shoebox/shared/http/lambda";
import { routes } from "../api/routes.ts";
import { config } from "../config.ts";
import { service } from "../service.ts";

export const handler = lambdaHandler(
  createApi({
    routes,
    deps: { ...service, cdn: await configuredSigner(config) },
    log: service.log,
    corsOrigins: config.CORS_ORIGINS,
    limiter: configuredRateLimiter(config, service.documents),
    idempotency: service.idempotency,
  }),
);
