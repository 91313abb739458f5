import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { MiddlewareHandler } from "hono";
import { createRateTable } from "../aws/rate-table.ts";
import { AppError } from "../errors.ts";
import { measure } from "../metrics.ts";
import { createRateLimiter, type RateLimiter } from "../rate-limit/limiter.ts";
import type { ApiEnv } from "./env.ts";

/** Lets each user make so many requests; above it the answer is 429 with `Retry-After` in whole seconds. */
export function rateLimit(limiter: RateLimiter): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const log = c.get("log");
    const admission = await limiter.admit(c.get("principal").userId, log);
    if (!admission.admitted) {
      measure(log, { RateLimited: 1 });
      throw new AppError("too-many-requests", "You make too many requests; try again later.", {
        headers: { "Retry-After": String(Math.max(1, Math.ceil(admission.retryIn / 1_000))) },
      });
    }
    await next();
  };
}

/** The limit that an environment is configured with, over the service's own table of buckets. */
export function configuredRateLimiter(
  config: { RATES_TABLE: string; RATE_LIMIT: number; RATE_BURST: number },
  tables: DynamoDBDocumentClient,
): RateLimiter {
  const limit = { rate: config.RATE_LIMIT, burst: config.RATE_BURST };
  return createRateLimiter({ limit, buckets: createRateTable(tables, config.RATES_TABLE, limit) });
}
