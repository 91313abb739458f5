import type { Photo } from "./photo.ts";

/** One page of a list, as it was answered. */
export interface PhotoPage {
  items: Photo[];
  nextCursor?: string;
  /** How many there are in all, where the answer said so. */
  total?: number;
}

/** A list as far as it was loaded. */
export interface PhotoPages {
  pages: PhotoPage[];
  pageParams: unknown[];
}

/** Every picture of the pages once, in their order; pages that were merged may overlap. */
export function flatten(pages: PhotoPage[]): Photo[] {
  const seen = new Set<string>();
  return pages.flatMap(({ items }) =>
    items.filter(({ imageId }) => {
      if (seen.has(imageId)) return false;
      seen.add(imageId);
      return true;
    }),
  );
}

/** The list with a picture as it is now, where it is in the list; the same list where nothing changed. */
export function withPhoto(list: PhotoPages, photo: Photo): PhotoPages {
  let changed = false;
  const pages = list.pages.map((page) => {
    const at = page.items.findIndex(({ imageId }) => imageId === photo.imageId);
    const before = page.items[at];
    if (!before || !isNews(before, photo)) return page;
    changed = true;
    return { ...page, items: page.items.with(at, photo) };
  });
  return changed ? { ...list, pages } : list;
}

/** Whether one state of a picture says more than the other: a later version, or URLs that last longer. */
function isNews(before: Photo, after: Photo): boolean {
  if (before.version !== after.version) return before.version < after.version;
  return before.renditions[0]?.url !== after.renditions[0]?.url;
}

/** The list without some pictures. */
export function withoutPhotos(list: PhotoPages, gone: ReadonlySet<string>): PhotoPages {
  const pages = list.pages.map((page) => {
    const items = page.items.filter(({ imageId }) => !gone.has(imageId));
    if (items.length === page.items.length) return page;
    const total =
      page.total === undefined ? undefined : page.total - (page.items.length - items.length);
    return { ...page, items, total };
  });
  return { ...list, pages };
}

/**
 * The list with its newest pictures as they are now: new ones come first, known ones are exchanged for
 * newer versions, and what should be among them and is not was deleted elsewhere.
 *
 * @param head the first page of the same list, asked for again
 */
export function withHead(list: PhotoPages, head: PhotoPage): PhotoPages {
  const [first, ...rest] = list.pages;
  if (!first) return list;
  const known = flatten(list.pages);
  const inHead = new Set(head.items.map(({ imageId }) => imageId));
  // Ids are made of times: whatever is as new as the oldest of the head is in the head, or gone.
  const oldest = head.nextCursor === undefined ? "" : (head.items.at(-1)?.imageId ?? "");
  const older = (photo: Photo) => photo.imageId < oldest && !inHead.has(photo.imageId);
  const isKnown = new Set(known.map(({ imageId }) => imageId));
  // More has come than one page holds: between it and what is known there would be a gap.
  if (head.nextCursor !== undefined && !head.items.some(({ imageId }) => isKnown.has(imageId))) {
    return { pages: [head], pageParams: [undefined] };
  }
  const same =
    known.filter((photo) => !older(photo)).length === head.items.length &&
    head.items.every((photo) => isKnown.has(photo.imageId));
  if (same) return head.items.reduce(withPhoto, list);
  return {
    ...list,
    pages: [
      { ...first, items: [...head.items, ...first.items.filter(older)] },
      ...rest.map((page) => ({ ...page, items: page.items.filter(older) })),
    ],
  };
}
