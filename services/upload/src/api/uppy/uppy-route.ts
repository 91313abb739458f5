import { z } from "@hono/zod-openapi";
import { defineCapabilityRoute } from "@shoebox/shared/http/api";
import type { ApiEnv } from "@shoebox/shared/http/env";
import type { Context } from "hono";
import type { Caller } from "../../begin-uploads.ts";
import type { Deps } from "../../deps.ts";

/** Where an endpoint's routes begin; what `@uppy/aws-s3` adds to it is the contract of Uppy's Companion. */
export const ENDPOINT = "/v1/uploads/uppy/{endpoint}";

/** Declares a route of an endpoint: it acts for the user who asked for the endpoint, on uploads alone. */
export const defineUppyRoute = defineCapabilityRoute<Deps>({
  parameter: "endpoint",
  holder: async (secret, { uppyEndpoints, now }) => {
    const userId = await uppyEndpoints.ownerOf(secret, now());
    return userId === undefined ? undefined : { userId, admin: false };
  },
});

export const EndpointPath = z.object({
  endpoint: z.string().openapi({ description: "The secret that `POST /v1/uploads/uppy` gave out" }),
});

/** Uppy names an upload by the id and the key it was told; the id says it all. */
export const UploadPath = EndpointPath.extend({
  uploadId: z.string().openapi({ description: "The image's id" }),
});

export const KeyQuery = z.object({ key: z.string().optional() });

/** Who begins an upload with this request. */
export function callerOf(c: Pick<Context<ApiEnv>, "get">): Caller {
  return {
    ownerId: c.get("principal").userId,
    correlationId: c.get("correlationId"),
    log: c.get("log"),
  };
}
