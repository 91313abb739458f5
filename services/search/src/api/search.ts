import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { ImageState } from "@shoebox/shared/events/catalog";
import { defineRoute } from "@shoebox/shared/http/api";
import { decodeCursor, encodeCursor } from "@shoebox/shared/http/cursor";
import { imageExample } from "@shoebox/shared/http/image-example";
import { problems } from "@shoebox/shared/http/problem-responses";
import { ImageId, Rendition, Tag } from "@shoebox/shared/image";
import { awaitVersions } from "../await-versions.ts";
import type { SearchRequest } from "../domain/query.ts";
import { parseWords, type Word } from "../domain/words.ts";
import type { SearchDeps } from "./deps.ts";
import {
  CaughtUp,
  flag,
  Scope,
  SearchInstant,
  several,
  versionsOf,
  waiting,
  wholeNumber,
} from "./parameters.ts";

const MAX_TAGS = 30;

const SearchQuery = z.strictObject({
  q: z.string().trim().max(200, "may have up to 200 characters").optional().openapi({
    description:
      'Words, all of which must be in caption, file name or tags, in any order; up to 20 of up to 64 characters. Case, accents, width and marks between letters make no difference. A word with marks inside (`wi-fi`), or written without spaces (`東京`), is found as it stands. There is no syntax: wildcards (`*`, `?`) and words that begin with an operator (`-`, `+`, `!`, `"`, …) are refused',
    example: "sunset lisbon",
  }),
  typos: flag(
    "Finds words with a typing error, too: one from 3 letters on, two from 6 on, the first letter being right",
  ),
  asYouType: flag("The last word of `q` may be the beginning of one, for a search while typing"),
  tag: several(Tag, MAX_TAGS).openapi({
    description: "Has this tag; give it again for more: all of them",
    example: "beach",
  }),
  anyTag: several(Tag, MAX_TAGS).openapi({
    description: "Has at least one of these tags",
    example: "beach",
  }),
  notTag: several(Tag, MAX_TAGS).openapi({
    description: "Has none of these tags",
    example: "screenshot",
  }),
  from: SearchInstant.optional().openapi({
    description: "Uploaded at this instant or later; a date alone is midnight UTC",
    example: "2026-01-01",
  }),
  to: SearchInstant.optional().openapi({
    description: "Uploaded before this instant",
    example: "2026-02-01T00:00:00Z",
  }),
  takenFrom: SearchInstant.optional().openapi({ description: "Taken at this instant or later" }),
  takenTo: SearchInstant.optional().openapi({ description: "Taken before this instant" }),
  scope: Scope,
  sort: z.enum(["relevance", "newest", "oldest"]).optional().openapi({
    description:
      "`relevance` with words, `newest` without, if not given. More relevant is what has the words as typed, has them as tags, has them in a row; then what is newer",
  }),
  facets: z
    .string()
    .optional()
    .transform((value) => [...new Set(value?.split(",") ?? [])])
    .pipe(z.array(z.enum(["tags", "months"])))
    .openapi({
      description:
        "Counts over all that is found: the 50 most frequent `tags`, the `months` (UTC) of upload, or both, separated by a comma",
      example: "tags,months",
    }),
  limit: wholeNumber({ minimum: 1, maximum: 100, default: 50, description: "Items a page" }),
  cursor: z.string().max(1_024).optional().openapi({
    description: "`nextCursor` of the page before; the other parameters must be the same",
  }),
  ...waiting,
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

const example = {
  items: [imageExample],
  total: 1,
  facets: { tags: [{ tag: "sea", count: 1 }], months: [{ month: "2026-11", count: 1 }] },
};

const counted = (name: "tag" | "month") =>
  z.array(z.object({ [name]: z.string(), count: z.number().int() }));

export const search = defineRoute<SearchDeps>()(
  createRoute({
    method: "get",
    path: "/v1/search",
    operationId: "search",
    summary: "Find pictures",
    description:
      "Pictures that are ready, by words, tags and dates, among what the caller may see. `total` is exact. A cursor stays right while pictures come and go: what is there all along, and unchanged, comes exactly once, whatever the order. A change in the catalog is found moments later; `after` waits for it.",
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
                caughtUp: CaughtUp,
                nextCursor: z.string().optional(),
              })
              .openapi("SearchPage", { example }),
          },
        },
      },
      ...problems(
        {
          "invalid-request":
            "A parameter that is unknown or not valid, a range that ends before it begins, words that can't be searched for",
        },
        { "invalid-cursor": "The cursor is damaged, of another search or of another user" },
        { unavailable: "The search engine does not answer; `Retry-After` says when to try again" },
      ),
    },
  }),
  async (c, deps) => {
    const { userId } = c.get("principal");
    const query = c.req.valid("query");
    const request = toRequest(query, userId);
    const awaited = versionsOf(query.after, userId);
    const caughtUp =
      awaited.length > 0 &&
      (await awaitVersions(awaited, userId, query.wait * 1_000, deps, c.req.raw.signal));
    const { total, hits, facets } = await deps.search.search(request, userId);
    const last = hits.length === request.limit ? hits.at(-1)?.sort : undefined;
    const nextCursor = last && encodeCursor(last, scopeOf(query, userId));
    if (nextCursor) c.header("Link", `<${nextPage(c.req.url, nextCursor)}>; rel="next"`);
    const at = deps.now();
    return c.json(
      {
        items: hits.map(({ image }) => toFound(image, deps.cdn.renditions(image.imageId, at))),
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
        ...(awaited.length > 0 && { caughtUp }),
        ...(nextCursor && { nextCursor }),
      },
      200,
    );
  },
);

function toFound(image: ImageState, urlOf: (key: string) => string) {
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
}

function nextPage(url: string, cursor: string): string {
  const { searchParams } = new URL(url);
  searchParams.set("cursor", cursor);
  // The first page has waited.
  searchParams.delete("after");
  searchParams.delete("wait");
  return `?${searchParams}`;
}

function toRequest(query: SearchQuery, userId: string): SearchRequest {
  ordered("to", query.from, query.to);
  ordered("takenTo", query.takenFrom, query.takenTo);
  const { cursor, q, after: _, wait: __, ...rest } = query;
  const sort = query.sort ?? (q ? "relevance" : "newest");
  return {
    ...rest,
    words: q ? wordsOf(q) : [],
    sort,
    searchAfter:
      cursor === undefined ? undefined : position(cursor, scopeOf(query, userId), POSITIONS[sort]),
  };
}

function wordsOf(q: string): Word[] {
  const parsed = parseWords(q);
  if ("words" in parsed) return parsed.words;
  throw new AppError("invalid-request", `\`q\` ${parsed.mistake}.`, {
    fields: [{ field: "q", message: parsed.mistake }],
  });
}

/** A range that ends before it begins is a mistake, not an empty answer. */
function ordered(field: string, from: string | undefined, to: string | undefined): void {
  if (from === undefined || to === undefined || from < to) return;
  throw new AppError("invalid-request", `Not valid: ${field}.`, {
    fields: [{ field, message: "must be later than where the range begins" }],
  });
}

/** A cursor belongs to one user and one query; how many items a page has may change on the way. */
function scopeOf(
  { cursor: _, limit: __, after: ___, wait: ____, ...query }: SearchQuery,
  userId: string,
): unknown {
  return [userId, query];
}

const Milliseconds = z.number().int().min(-8.64e15).max(8.64e15);
const byTime = z.tuple([Milliseconds, ImageId]);
/** What the sort values of a page's last item look like. */
const POSITIONS = {
  newest: byTime,
  oldest: byTime,
  relevance: z.tuple([z.number().min(0).max(1_000), Milliseconds, ImageId]),
};

function position(cursor: string, scope: unknown, shape: z.ZodType<unknown[]>): unknown[] {
  const place = shape.safeParse(decodeCursor(cursor, scope));
  if (place.success) return place.data;
  throw new AppError("invalid-cursor", "The cursor does not point into this list.");
}
