import type { ImageState, OwnerSummary, Tombstone } from "@shoebox/shared/events/catalog";
import type { Disagreement } from "./job.ts";

/** What an index has of one picture. */
export interface Entry {
  version: number;
  deleted: boolean;
}

type Has = (imageId: string) => Entry | undefined;

/**
 * On what the index is behind a page of the catalog's state. The index may be ahead of it: the page
 * was read a while ago. It is behind when it lacks a picture, has it in an older version, or still
 * shows one whose deletion is newer.
 */
export function behind(
  page: { images: ImageState[]; tombstones: Tombstone[] },
  has: Has,
): Disagreement[] {
  const images = page.images.flatMap(({ imageId, ownerId, version }): Disagreement[] => {
    const entry = has(imageId);
    const about = { ownerId, imageId, catalogVersion: version };
    if (!entry) return [{ kind: "missing", ...about }];
    if (entry.version >= version) return [];
    return [{ kind: "stale", ...about, indexVersion: entry.version }];
  });
  const tombstones = page.tombstones.flatMap(({ imageId, ownerId, version }): Disagreement[] => {
    const entry = has(imageId);
    if (!entry || entry.deleted || entry.version >= version) return [];
    const about = { ownerId, imageId, catalogVersion: version, indexVersion: entry.version };
    return [{ kind: "resurrected", ...about }];
  });
  return [...images, ...tombstones];
}

/** Which disagreements are still there, now that everything has had time to arrive. */
export function stillBehind(disagreements: Disagreement[], has: Has): Disagreement[] {
  return disagreements.filter(({ imageId, kind, catalogVersion = 0 }) => {
    const entry = has(imageId);
    if (kind === "resurrected") return entry && !entry.deleted && entry.version < catalogVersion;
    return !entry || entry.version < catalogVersion;
  });
}

/** The owners of whom the index has another count or another checksum than the catalog said. */
export function differingOwners(catalog: OwnerSummary[], index: OwnerSummary[]): string[] {
  const byOwner = new Map(index.map((summary) => [summary.ownerId, summary]));
  return catalog
    .filter(({ ownerId, images, checksum }) => {
      const own = byOwner.get(ownerId) ?? { images: 0, checksum: 0 };
      return own.images !== images || own.checksum !== checksum;
    })
    .map(({ ownerId }) => ownerId);
}
