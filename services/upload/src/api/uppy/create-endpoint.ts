import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute } from "@shoebox/shared/http/api";
import { problems } from "@shoebox/shared/http/problem-responses";
import type { Deps } from "../../deps.ts";
import { IdempotencyKey } from "../idempotency-key.ts";
import { ENDPOINT } from "./uppy-route.ts";

/** Milliseconds an endpoint is good for: a day at work. */
const LIFETIME = 12 * 3_600_000;

const Endpoint = z.object({ endpoint: z.string(), expiresAt: z.string() });

export const createUppyEndpoint = defineRoute<Deps>()(
  createRoute({
    method: "post",
    path: "/v1/uploads/uppy",
    operationId: "createUppyEndpoint",
    tags: ["uppy"],
    summary: "An address that Uppy can upload to",
    description:
      "For `@uppy/aws-s3`, which sends no token of its own: a path that acts for the caller, on " +
      "uploads alone, until `expiresAt`. Whoever has it can upload for the caller; keep it like a token.",
    request: { headers: IdempotencyKey },
    responses: {
      201: {
        description: "The path, to be joined to the address of this API",
        content: {
          "application/json": {
            schema: Endpoint,
            example: {
              endpoint: "/v1/uploads/uppy/cap_…",
              expiresAt: "2026-11-23T00:00:00.000Z",
            },
          },
        },
      },
      ...problems("in-flight", "idempotency-key-reused"),
    },
  }),
  async (c, { uppyEndpoints, now }) => {
    const expiresAt = now() + LIFETIME;
    const secret = await uppyEndpoints.create(c.get("principal").userId, expiresAt);
    return c.json(
      {
        endpoint: ENDPOINT.replace("{endpoint}", secret),
        expiresAt: new Date(expiresAt).toISOString(),
      },
      201,
    );
  },
);
