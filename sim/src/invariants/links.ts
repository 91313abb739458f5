import { visible } from "@shoebox/catalog/domain/image-record";
import type { Invariant } from "./state.ts";

/** There is a link for every tag of every image that is seen, and no other. */
export const linksEqualTags: Invariant = ({ images, items, name }) => {
  const links = new Set(
    items.catalog
      .filter(({ SK }) => String(SK).startsWith("tag#"))
      .map(({ PK, SK }) => `${String(PK).slice("imageId#".length)} ${String(SK).slice(4)}`),
  );
  const wanted = new Set(
    [...images.values()].flatMap((record) =>
      (visible(record)?.tags ?? []).map((tag) => `${record.imageId} ${tag}`),
    ),
  );
  const say = (pair: string) => {
    const [imageId = "", tag] = pair.split(" ");
    return `${tag} of ${name(imageId)}`;
  };
  return [
    ...[...wanted]
      .filter((pair) => !links.has(pair))
      .map((pair) => `the link ${say(pair)} is missing`),
    ...[...links]
      .filter((pair) => !wanted.has(pair))
      .map((pair) => `the link ${say(pair)} is left over`),
  ];
};
