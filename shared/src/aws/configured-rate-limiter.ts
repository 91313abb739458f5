import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createRateLimiter, type RateLimiter } from "../rate-limit/limiter.ts";
import { createRateTable } from "./rate-table.ts";

/** The limit that an environment is configured with, over the service's own table of buckets. */
export function configuredRateLimiter(
  config: { RATES_TABLE: string; RATE_LIMIT: number; RATE_BURST: number },
  tables: DynamoDBDocumentClient,
): RateLimiter {
  const limit = { rate: config.RATE_LIMIT, burst: config.RATE_BURST };
  return createRateLimiter({ limit, buckets: createRateTable(tables, config.RATES_TABLE, limit) });
}
