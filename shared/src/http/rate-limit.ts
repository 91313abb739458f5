import type { MiddlewareHandler } from "hono";
import { AppError } from "../errors.ts";
import { measure } from "../metrics.ts";
import type { RateLimiter } from "../rate-limit/limiter.ts";
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
