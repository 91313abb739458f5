import { isDeepStrictEqual } from "node:util";
import { toState, visible } from "@shoebox/catalog/domain/image-record";
import { imageDocument } from "@shoebox/search/domain/document";
import type { Invariant } from "./state.ts";

/** The index shows what the catalog shows, and nothing else. */
export const indexEqualsCatalog: Invariant = ({ images, documents, name }) => [
  ...[...images.values()].flatMap((record) => {
    const image = visible(record);
    if (!image) return [];
    const found = documents.get(image.imageId);
    if (!found) return [`${name(image.imageId)} is in the catalog and not in the index`];
    if (found.version !== image.version) {
      return [
        `${name(image.imageId)} has version ${image.version} in the catalog and ${found.version} in the index`,
      ];
    }
    const wanted = JSON.parse(JSON.stringify(imageDocument(toState(image))));
    return isDeepStrictEqual(found, wanted) ? [] : [`${name(image.imageId)} differs in the index`];
  }),
  ...[...documents.values()].flatMap((document) =>
    document.deleted || visible(images.get(document.imageId))
      ? []
      : [`${name(document.imageId)} is in the index and not in the catalog`],
  ),
];
