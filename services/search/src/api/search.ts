import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { ImageState } from "@shoebox/shared/events/catalog";
import { defineRoute } from "@shoebox/shared/http/api";
import { decodeCursor, encodeCursor } from "@shoebox/shared/http/cursor";
import { problems } from "@shoebox/shared/http/problem-responses";
import { Instant, Rendition, Tag } from "@shoebox/shared/image";
import type { SearchRequest } from "../domain/query.ts";
import type { SearchDeps } from "./deps.ts";

/** A parameter that may be given several times; one value or none comes as a list too. */
const several = <T extends z.ZodType>(item: T) =>
  z
    .union([z.array(item).max(30), item.transform((value) => [value])])
    .optional()
    .transform((values) => (values ?? []) as z.output<T>[]);

const SearchQuery = z.strictObject({
  q: z.string().trim().max(200).optional().openapi({
    description: "Words; all of them must be in caption, file name or tags",
    example: "sunset lisbon",
  }),
  tag: several(Tag).openapi({ description: "Has this tag; give it again for more: all of them" }),
  anyTag: several(Tag).openapi({ description: "Has at least one of these tags" }),
  notTag: several(Tag).openapi({ description: "Has none of these tags" }),
  from: Instant.optional().openapi({ description: "Uploaded at this instant or later" }),
  to: Instant.optional().openapi({ description: "Uploaded before this instant" }),
  takenFrom: Instant.optional().openapi({ description: "Taken at this instant or later" }),
  takenTo: Instant.optional().openapi({ description: "Taken before this instant" }),
  scope: z.enum(["mine", "public", "all"]).default("mine").openapi({
    description: "My pictures, everybody's public ones, or both",
  }),
  sort: z.enum(["relevance", "newest", "oldest"]).optional().openapi({
    description: "`relevance` with words, `newest` without, if not given",
  }),
  facets: z
    .string()
    .optional()
    .transform((value) => value?.split(",") ?? [])
    .pipe(z.array(z.enum(["tags", "months"])))
    .openapi({
      description: "`tags`, `months` or both, separated by a comma",
      example: "tags,months",
    }),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(1_024).optional(),
});
type SearchQuery = z.infer<typeof SearchQuery>;

const Found = ImageState.omit({ renditions: true })
  .extend({
    caption: z.string().nullable(),
    width: z.number().int().nullable(),
    height: z.number().int().nullable(),
    renditions: z.array(
      Rendition.omit({ key: true }).extend({
        url: z.string().openapi({ description: "Signed; valid for one to two hours" }),
      }),
    ),
  })
  .openapi("FoundImage");

const counted = (name: "tag" | "month") =>
  z.array(z.object({ [name]: z.string(), count: z.number().int() }));

export const search = defineRoute<SearchDeps>()(
  createRoute({
    method: "get",
    path: "/v1/search",
    operationId: "search",
    summary: "Find pictures",
    description:
      "Pictures that are ready, by words, tags and dates, among what the caller may see. `total` is exact; a cursor stays right while pictures come and go.",
    request: { query: SearchQuery },
    responses: {
      200: {
        description: "A page",
        headers: z.object({
          Link: z.string().optional().openapi({ description: 'The next page, `rel="next"`' }),
        }),
        content: {
          "application/json": {
            schema: z
              .object({
                items: z.array(Found),
                total: z.number().int(),
                facets: z
                  .object({ tags: counted("tag").optional(), months: counted("month").optional() })
                  .optional(),
                nextCursor: z.string().optional(),
              })
              .openapi("SearchPage"),
          },
        },
      },
      ...problems("invalid-request", "invalid-cursor"),
    },
  }),
  async (c, { index, cdn, now }) => {
    const { userId } = c.get("principal");
    const query = c.req.valid("query");
    const request = toRequest(query, userId);
    const { total, hits, facets } = await index.search(request, userId);
    const last = hits.length === request.limit ? hits.at(-1)?.sort : undefined;
    const nextCursor = last && encodeCursor(last, scopeOf(query, userId));
    if (nextCursor) {
      const next = new URL(c.req.url);
      next.searchParams.set("cursor", nextCursor);
      c.header("Link", `<${next.search}>; rel="next"`);
    }
    const at = now();
    return c.json(
      {
        items: hits.map(({ image }) => {
          const urlOf = cdn.renditions(image.imageId, at);
          return {
            ...image,
            caption: image.caption ?? null,
            width: image.width ?? null,
            height: image.height ?? null,
            renditions: image.renditions.map(({ key, ...rendition }) => ({
              ...rendition,
              url: urlOf(key),
            })),
          };
        }),
        total,
        ...(request.facets.length > 0 && {
          facets: {
            ...(facets.tags && {
              tags: facets.tags.map(({ key, count }) => ({ tag: key, count })),
            }),
            ...(facets.months && {
              months: facets.months.map(({ key, count }) => ({ month: key, count })),
            }),
          },
        }),
        ...(nextCursor && { nextCursor }),
      },
      200,
    );
  },
);

function toRequest(query: SearchQuery, userId: string): SearchRequest {
  ordered("to", query.from, query.to);
  ordered("takenTo", query.takenFrom, query.takenTo);
  const { cursor, ...rest } = query;
  return {
    ...rest,
    q: query.q || undefined,
    sort: query.sort ?? (query.q ? "relevance" : "newest"),
    after: cursor === undefined ? undefined : position(cursor, scopeOf(query, userId)),
  };
}

/** A range that ends before it begins is a mistake, not an empty answer. */
function ordered(field: string, from: string | undefined, to: string | undefined): void {
  if (from === undefined || to === undefined || from < to) return;
  throw new AppError("invalid-request", `Not valid: ${field}.`, {
    fields: [{ field, message: "must be later than where the range begins" }],
  });
}

/** A cursor belongs to one user and one query; how many items a page has may change on the way. */
function scopeOf({ cursor: _, limit: __, ...query }: SearchQuery, userId: string): unknown {
  return [userId, query];
}

function position(cursor: string, scope: unknown): unknown[] {
  const after = decodeCursor<unknown>(cursor, scope);
  if (Array.isArray(after)) return after;
  throw new AppError("invalid-cursor", "The cursor does not point into this list.");
}
