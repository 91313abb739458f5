import { z } from "@hono/zod-openapi";
import { VERSION_TOKEN } from "@shoebox/shared/http/version-token";

/** What an answer about one version of an image tells a later search to wait for. */
export const VersionHeaders = z.object({
  [VERSION_TOKEN]: z.string().openapi({
    description:
      "This version of the image, opaque. `GET /v1/search?after=` with it answers when the search knows this version or a later one.",
  }),
});
