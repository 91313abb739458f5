import { z } from "@hono/zod-openapi";

/** The header that every POST takes. */
export const IdempotencyKey = z.object({ "idempotency-key": z.string().optional() });
