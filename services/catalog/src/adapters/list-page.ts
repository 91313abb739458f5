import type { VisibleImage } from "../domain/image-record.ts";

/** Which images of a list: ids from `first` to `last` inclusive, behind `after` when a page came before. */
export interface ListRange {
  first: string;
  last: string;
  newestFirst: boolean;
  after?: string;
  limit: number;
}

export interface ListPage {
  images: VisibleImage[];
  /** The id behind which the next page begins, when there is one. */
  next?: string;
}

/** What one query found: images in order, and the last id it looked at if there may be more. */
export interface Found {
  images: VisibleImage[];
  reached?: string;
}

/**
 * The keys that a query for what comes after an id has to look at: from that id on, which is left out by
 * `ExclusiveStartKey`. DynamoDB begins there anyway; said in the condition, too, no engine walks to it from the range's end.
 */
export function keysAfter(
  { first, last, newestFirst }: ListRange,
  after: string | undefined,
): Pick<ListRange, "first" | "last"> {
  if (after === undefined) return { first, last };
  return newestFirst ? { first, last: after } : { first: after, last };
}

/**
 * Queries again until a page is full, since a query also meets what readers do not see (deleted,
 * not yet known). Each round may look at more than the one before, and the rounds are bounded:
 * after the last one the page ends as it is, with a place to go on from, which always is further on.
 *
 * @param sizes how many keys each round may look at, at least; the first looks at one more than the page holds, which tells whether there is a next one
 */
export async function fillPage(
  range: Pick<ListRange, "after" | "limit">,
  sizes: number[],
  query: (after: string | undefined, size: number) => Promise<Found>,
): Promise<ListPage> {
  const images: VisibleImage[] = [];
  let after = range.after;
  for (const size of [range.limit + 1, ...sizes]) {
    const found = await query(after, size);
    images.push(...found.images);
    after = found.reached;
    if (images.length > range.limit) {
      const page = images.slice(0, range.limit);
      return { images: page, next: page.at(-1)?.imageId };
    }
    if (after === undefined) return { images };
  }
  return { images, next: after };
}
