import { contentOf, type ShoeboxClient } from "./client.ts";
import { ShoeboxError } from "./shoebox-error.ts";
import type {
  BatchResult,
  Image,
  ImageChange,
  ImagePage,
  Job,
  ListQuery,
  Quota,
  UrlQuery,
} from "./types.ts";

/** What a call may be given besides its own. */
export interface CallOptions {
  signal?: AbortSignal;
}

/** My images, newest first, over all pages; `limit` is the size of a page. */
export async function* listImages(
  client: ShoeboxClient,
  query: ListQuery = {},
  options: CallOptions = {},
): AsyncGenerator<Image, void, undefined> {
  for await (const page of listImagePages(client, query, options)) yield* page.items;
}

/** The same, page by page: for "load more" with `nextCursor`. */
export async function* listImagePages(
  client: ShoeboxClient,
  query: ListQuery = {},
  { signal }: CallOptions = {},
): AsyncGenerator<ImagePage, void, undefined> {
  let cursor = query.cursor;
  do {
    const params = { query: { ...query, cursor } };
    const page = await contentOf(client.api.GET("/v1/images", { params, signal }));
    yield page;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

export function getImage(
  client: ShoeboxClient,
  imageId: string,
  { signal }: CallOptions = {},
): Promise<Image> {
  const params = { path: { imageId } };
  return contentOf(client.api.GET("/v1/images/{imageId}", { params, signal }));
}

/**
 * Changes what is named, and answers the image as it is then.
 *
 * @param options.ifVersion changes only this version; another one there is a `precondition-failed` (412)
 */
export function updateImage(
  client: ShoeboxClient,
  imageId: string,
  change: ImageChange,
  { signal, ifVersion }: CallOptions & { ifVersion?: number } = {},
): Promise<Image> {
  const header = ifVersion === undefined ? undefined : { "if-match": `"${ifVersion}"` };
  const params = { path: { imageId }, header };
  return contentOf(client.api.PATCH("/v1/images/{imageId}", { params, body: change, signal }));
}

/** Deletes an image. False when there is none, also because an attempt before this one has done it. */
export async function deleteImage(
  client: ShoeboxClient,
  imageId: string,
  { signal }: CallOptions = {},
): Promise<boolean> {
  try {
    await client.api.DELETE("/v1/images/{imageId}", { params: { path: { imageId } }, signal });
    return true;
  } catch (error) {
    if (error instanceof ShoeboxError && error.status === 404) return false;
    throw error;
  }
}

/** Deletes or tags up to a hundred images; each has a result, in the order of the ids. */
export async function changeImages(
  client: ShoeboxClient,
  imageIds: string[],
  change: { action: "delete" } | { action: "addTags" | "removeTags"; tags: string[] },
  { signal }: CallOptions = {},
): Promise<BatchResult[]> {
  const body = { imageIds, ...change };
  return (await contentOf(client.api.POST("/v1/images/batch", { body, signal }))).results;
}

/** A signed URL of the original (the default) or of a rendition, and when it ends. */
export function imageUrl(
  client: ShoeboxClient,
  imageId: string,
  query: UrlQuery = {},
  { signal }: CallOptions = {},
): Promise<{ url: string; expiresAt: string }> {
  const params = { path: { imageId }, query };
  return contentOf(client.api.GET("/v1/images/{imageId}/url", { params, signal }));
}

/** How far the processing of an image is: its steps, how often it was tried, why it was rejected. */
export function getJob(
  client: ShoeboxClient,
  imageId: string,
  { signal }: CallOptions = {},
): Promise<Job> {
  const params = { path: { imageId } };
  return contentOf(client.api.GET("/v1/processing/{imageId}", { params, signal }));
}

/** What is used of the quota, and what may be. */
export function getQuota(client: ShoeboxClient, { signal }: CallOptions = {}): Promise<Quota> {
  return contentOf(client.api.GET("/v1/uploads/quota", { signal }));
}
