import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute } from "@shoebox/shared/http/api";
import { ownImage } from "@shoebox/shared/http/image-path";
import { toProblem } from "@shoebox/shared/http/problem";
import { problems } from "@shoebox/shared/http/problem-responses";
import { versionToken } from "@shoebox/shared/http/version-token";
import { Tags } from "@shoebox/shared/image";
import { deleteImage } from "../delete-image.ts";
import type { ImageKey } from "../domain/image-record.ts";
import { withoutTags, withTags } from "../domain/retag.ts";
import type { Occasion } from "../domain/write.ts";
import { editImage } from "../edit-image.ts";
import type { CatalogDeps } from "./deps.ts";

const imageIds = z
  .array(z.string())
  .min(1)
  .max(100)
  .refine((ids) => new Set(ids).size === ids.length, "must name each image once")
  .openapi({ example: ["019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"] });

const Body = z
  .discriminatedUnion("action", [
    z.strictObject({ imageIds, action: z.literal("delete") }),
    z.strictObject({
      imageIds,
      action: z.enum(["addTags", "removeTags"]),
      tags: Tags.refine((tags) => tags.length > 0, "say which"),
    }),
  ])
  .openapi("ChangeImages", {
    example: {
      imageIds: ["019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"],
      action: "addTags" as const,
      tags: ["beach"],
    },
  });
type Change = z.infer<typeof Body>;

const Result = z.looseObject({ imageId: z.string(), status: z.number().int() }).openapi({
  description:
    "204 deleted; 200 with the tags and version as they are now; either with the `versionToken` that a search can wait for; or a problem",
});

const [deleted, tagged] = [
  "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55",
  "019a9f1e-8000-7a11-9d0a-3f2f6f1d4c56",
];
const example = {
  results: [
    {
      imageId: tagged,
      status: 200,
      tags: ["beach", "sunset"],
      version: 4,
      versionToken: "eyJ2IjpbIjAxOWE5ZjFlIiw0XX0",
    },
    {
      imageId: deleted,
      status: 404,
      type: "urn:shoebox:problem:not-found",
      title: "Not found",
      detail: "There is no such image.",
      requestId: "5f0c8c1e-6f0e-4a7b-9a51-8d5f0f6f6b1c",
    },
  ],
};

/** Images that are changed at the same time: what one caller may ask of the table at once. */
const AT_A_TIME = 8;

export const changeImages = defineRoute<CatalogDeps>()(
  createRoute({
    method: "post",
    path: "/v1/images/batch",
    operationId: "changeImages",
    summary: "Delete or tag up to a hundred images",
    description:
      "Each image is changed for itself, as it would be alone; one that fails does not touch the others. The results are in the order of the ids.",
    request: {
      headers: z.object({ "idempotency-key": z.string().optional() }),
      body: { required: true, content: { "application/json": { schema: Body } } },
    },
    responses: {
      207: {
        description: "What became of each",
        content: {
          "application/json": { schema: z.object({ results: z.array(Result) }), example },
        },
      },
      ...problems(
        "invalid-request",
        "malformed-json",
        "in-flight",
        "payload-too-large",
        "unsupported-media-type",
        "idempotency-key-reused",
      ),
    },
  }),
  async (c, deps) => {
    const change = c.req.valid("json");
    const { userId } = c.get("principal");
    const occasion = { now: deps.now(), correlationId: c.get("correlationId") };
    const results = await inOrder(change.imageIds, async (imageId) => {
      try {
        return {
          imageId,
          ...(await changed(deps, ownImage(userId, { imageId }), change, occasion)),
        };
      } catch (error) {
        const problem = toProblem(error, c.get("requestId"));
        if (problem.status >= 500) {
          c.get("log").error({ err: error, imageId }, "an image of a batch could not be changed");
        }
        return { imageId, ...problem };
      }
    });
    return c.json({ results }, 207);
  },
);

async function changed(
  { images }: CatalogDeps,
  key: ImageKey,
  change: Change,
  occasion: Occasion,
): Promise<{ status: number; tags?: string[]; version?: number; versionToken: string }> {
  const tokenOf = (version: number) => versionToken({ imageId: key.imageId, version }, key.ownerId);
  if (change.action === "delete") {
    return { status: 204, versionToken: tokenOf(await deleteImage(images, key, occasion)) };
  }
  const retag = change.action === "addTags" ? withTags : withoutTags;
  const { tags, version } = await editImage(
    images,
    key,
    (image) => ({ tags: retag(image.tags, change.tags) }),
    occasion,
    () => true,
  );
  return { status: 200, tags, version, versionToken: tokenOf(version) };
}

/** Does `one` for every item, a few at a time; the results are in the order of the items. */
async function inOrder<T, R>(items: T[], one: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, item] = next;
      results[index] = await one(item);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return results;
}
