import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { defineRoute } from "@shoebox/shared/http/api";
import { decodeCursor, encodeCursor } from "@shoebox/shared/http/cursor";
import { imageExample } from "@shoebox/shared/http/image-example";
import { problems } from "@shoebox/shared/http/problem-responses";
import { Instant, Tag } from "@shoebox/shared/image";
import { idRange } from "../domain/date-range.ts";
import type { CatalogDeps } from "./deps.ts";
import { ImageView, toView } from "./image-view.ts";

const ListQuery = z.strictObject({
  tag: Tag.optional().openapi({ description: "Only images with this tag", example: "beach" }),
  from: Instant.optional().openapi({ description: "Uploaded at this instant or later" }),
  to: Instant.optional().openapi({ description: "Uploaded before this instant" }),
  order: z.enum(["newest", "oldest"]).default("newest"),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(512).optional(),
});
type ListQuery = z.infer<typeof ListQuery>;

export const listImages = defineRoute<CatalogDeps>()(
  createRoute({
    method: "get",
    path: "/v1/images",
    operationId: "listImages",
    summary: "My images, newest first",
    description:
      "Strongly consistent without `tag`. With `tag`, an image that got the tag a moment ago may be missing for a moment (it comes from an index); what is listed is as it is now, and never deleted. A page may hold fewer than `limit` images and still have a next one.",
    request: { query: ListQuery },
    responses: {
      200: {
        description: "A page",
        headers: z.object({
          Link: z
            .string()
            .optional()
            .openapi({ description: 'The next page, `rel="next"`, relative to this one' }),
        }),
        content: {
          "application/json": {
            schema: z
              .object({ items: z.array(ImageView), nextCursor: z.string().optional() })
              .openapi("ImagePage", { example: { items: [imageExample], nextCursor: "2hN9…" } }),
          },
        },
      },
      ...problems("invalid-request", "invalid-cursor", "unavailable"),
    },
  }),
  async (c, { images, cdn, now }) => {
    const { userId } = c.get("principal");
    const query = c.req.valid("query");
    const { tag, order, limit } = query;
    const ids = rangeOf(query);
    const scope = [userId, tag ?? null, query.from ?? null, query.to ?? null, order];
    const after = query.cursor === undefined ? undefined : position(query.cursor, scope, ids);
    const range = { ...ids, after, limit, newestFirst: order === "newest" };
    const page = await (tag === undefined
      ? images.listByTime(userId, range)
      : images.listByTag(userId, tag, range));
    const nextCursor = page.next && encodeCursor(page.next, scope);
    if (nextCursor) c.header("Link", `<?${nextQuery(query, nextCursor)}>; rel="next"`);
    const at = now();
    return c.json({ items: page.images.map((image) => toView(image, cdn, at)), nextCursor }, 200);
  },
);

function rangeOf({ from, to }: ListQuery): { first: string; last: string } {
  const time = (instant?: string) => (instant === undefined ? undefined : Date.parse(instant));
  const range = idRange(time(from), time(to));
  if (range) return range;
  throw new AppError("invalid-request", "Not valid: to.", {
    fields: [{ field: "to", message: "must be later than from (and than 1970)" }],
  });
}

/** A cursor is no secret: what is inside is checked, and only ever a place in the caller's own list. */
function position(cursor: string, scope: unknown, ids: { first: string; last: string }): string {
  const after = decodeCursor<unknown>(cursor, scope);
  if (typeof after === "string" && after >= ids.first && after <= ids.last) return after;
  throw new AppError("invalid-cursor", "The cursor does not point into this list.");
}

function nextQuery(query: ListQuery, cursor: string): string {
  const { limit, ...rest } = query;
  const given = Object.entries({ ...rest, limit: String(limit), cursor });
  return new URLSearchParams(given.filter(([, value]) => value !== undefined)).toString();
}
