import { visible } from "@shoebox/catalog/domain/image-record";
import { foundIn } from "../services/remembered-pipeline.ts";
import type { Invariant } from "./state.ts";

/** There are the originals that the catalog refers to, each in the version that was verified, and no others. */
export const originalsAreReferredTo: Invariant = ({ images, originals, name }) => {
  const wanted = new Map(
    [...images.values()].flatMap((record) => {
      const image = visible(record);
      return image ? [[image.s3Key, image]] : [];
    }),
  );
  const there = originals.keys();
  return [
    ...there.flatMap((key) => {
      const image = wanted.get(key);
      if (!image) return [`${key} is in the bucket of originals, and no image refers to it`];
      const others = originals.versions(key).filter((v) => v.versionId !== image.s3VersionId);
      return others.length === 0
        ? []
        : [`${name(image.imageId)} has ${others.length} versions besides the one it is pinned to`];
    }),
    ...[...wanted.values()].flatMap((image) =>
      originals.find(image.s3Key, image.s3VersionId)?.bytes
        ? []
        : [`the original of ${name(image.imageId)} is gone`],
    ),
    ...[...originals.uploads.values()].map(({ key }) => `parts of ${key} are kept for ever`),
  ];
};

/** There are the renditions that the catalog refers to, made of the verified bytes, and no others. */
export const renditionsAreReferredTo: Invariant = ({ images, originals, processed, name }) => {
  const wanted = new Set<string>();
  const faults: string[] = [];
  for (const record of images.values()) {
    const image = visible(record);
    if (!image?.processed || image.rejected) continue;
    const bytes = originals.find(image.s3Key, image.s3VersionId)?.bytes;
    const found = bytes && foundIn(bytes);
    const rendered = found?.kind === "rendered" ? found.rendered : [];
    for (const { key, name: rendition, format, size } of image.processed.renditions) {
      wanted.add(key);
      const stored = processed.find(key)?.bytes;
      const right = rendered.find((one) => one.name === rendition && one.format === format);
      if (!stored) faults.push(`${rendition} of ${name(image.imageId)} is gone`);
      else if (stored.length !== size || (right && !stored.equals(right.bytes))) {
        faults.push(`${rendition} of ${name(image.imageId)} was not made of what was verified`);
      }
    }
  }
  return [
    ...faults,
    ...processed
      .keys()
      .filter((key) => !wanted.has(key))
      .map((key) => `${key} is in the bucket of renditions, and no image refers to it`),
  ];
};
