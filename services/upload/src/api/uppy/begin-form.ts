import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { problems } from "@shoebox/shared/http/problem-responses";
import { beginUpload } from "../../begin-uploads.ts";
import { isMultipart } from "../../domain/part-plan.ts";
import { formExample } from "../begun.ts";
import { announcementOf } from "./uppy-file.ts";
import { callerOf, defineUppyRoute, ENDPOINT, EndpointPath } from "./uppy-route.ts";

const Query = z.looseObject({
  filename: z.string().optional(),
  type: z.string().optional(),
  "metadata[size]": z.string().optional().openapi({ description: "Bytes; needed" }),
  "metadata[tags]": z.string().optional().openapi({ description: "Separated by commas" }),
  "metadata[caption]": z.string().optional(),
  "metadata[visibility]": z.string().optional(),
  "metadata[takenAt]": z.string().optional(),
});

export const beginFormFromUppy = defineUppyRoute(
  createRoute({
    method: "get",
    path: `${ENDPOINT}/s3/params`,
    operationId: "beginFormFromUppy",
    tags: ["uppy"],
    summary: "Begin an upload that is sent as a form",
    description: "`POST /v1/uploads` in the words of Uppy.",
    request: { params: EndpointPath, query: Query },
    responses: {
      200: {
        description: "The form",
        content: {
          "application/json": {
            schema: z.object({
              method: z.literal("POST"),
              url: z.string(),
              fields: z.record(z.string(), z.string()),
              imageId: z.string(),
            }),
            example: {
              method: "POST" as const,
              url: formExample.url,
              fields: formExample.fields,
              imageId: formExample.imageId,
            },
          },
        },
      },
      ...problems(
        "invalid-request",
        "quota-exceeded",
        "payload-too-large",
        "unsupported-media-type",
        "unavailable",
      ),
    },
  }),
  async (c, deps) => {
    const { filename, type, ...query } = c.req.valid("query");
    const metadata = Object.fromEntries(
      Object.entries(query).flatMap(([name, value]) => {
        const field = /^metadata\[(.+)\]$/.exec(name)?.[1];
        return field === undefined ? [] : [[field, value]];
      }),
    );
    const announcement = announcementOf({ filename, type, metadata });
    if (isMultipart(announcement.size)) {
      throw new AppError("payload-too-large", "A file of this size is sent in parts.");
    }
    const begun = await beginUpload(announcement, callerOf(c), deps);
    if (!("method" in begun) || begun.method !== "POST") throw new Error("There is no form.");
    // Without Uppy's `expires`, which would end a form that is still being sent: S3 asks only when it began.
    const { method, url, fields, imageId } = begun;
    return c.json({ method, url, fields, imageId }, 200);
  },
);
