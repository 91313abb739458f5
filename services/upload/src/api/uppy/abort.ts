import { createRoute, z } from "@hono/zod-openapi";
import { ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import { callOff } from "../abort-upload.ts";
import { defineUppyRoute, ENDPOINT, KeyQuery, UploadPath } from "./uppy-route.ts";

export const abortFromUppy = defineUppyRoute(
  createRoute({
    method: "delete",
    path: `${ENDPOINT}/s3/multipart/{uploadId}`,
    operationId: "abortFromUppy",
    tags: ["uppy"],
    summary: "Call an upload off",
    description: "`DELETE /v1/uploads/{imageId}` in the words of Uppy, which wants JSON in return.",
    request: { params: UploadPath, query: KeyQuery },
    responses: {
      200: {
        description: "The upload is called off",
        content: { "application/json": { schema: z.object({}), example: {} } },
      },
      ...problems("not-found", "conflict"),
    },
  }),
  async (c, deps) => {
    const { uploadId: imageId } = c.req.valid("param");
    await callOff(ownImage(c.get("principal").userId, { imageId }), deps);
    return c.json({}, 200);
  },
);
