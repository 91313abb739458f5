import { createRoute } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { defineRoute } from "@shoebox/shared/http/api";
import { ImagePath, ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import type { ApiDeps } from "./deps.ts";
import { JobView, viewOf } from "./job-view.ts";

export const getJob = defineRoute<ApiDeps>()(
  createRoute({
    method: "get",
    path: "/v1/processing/{imageId}",
    summary: "How far the processing of one of my images is",
    request: { params: ImagePath },
    responses: {
      200: { description: "The job", content: { "application/json": { schema: JobView } } },
      ...problems("not-found"),
    },
  }),
  async (c, { jobs }) => {
    const job = await jobs.find(ownImage(c.get("principal").userId, c.req.valid("param")));
    if (!job || job.status === "deleted") {
      throw new AppError("not-found", "There is no such image.");
    }
    return c.json(viewOf(job), 200);
  },
);
