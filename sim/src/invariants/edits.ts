import { visible } from "@shoebox/catalog/domain/image-record";
import type { Invariant } from "./state.ts";

/** Of all edits that were answered the last one holds, unless one without an answer came after it. */
export const lastEditHolds: Invariant = ({ stories, images }) =>
  stories.flatMap((story) => {
    const image = visible(images.get(story.imageId));
    if (!image) return [];
    const answered = story.edits.filter((edit) => edit.version !== undefined);
    const last = answered.toSorted((a, b) => (b.version ?? 0) - (a.version ?? 0))[0];
    const unknown = story.edits.filter((edit) => edit.version === undefined && !edit.refused);
    const possible = [...(last ? [last] : [{ caption: undefined, tags: story.tags }]), ...unknown];
    const holds = possible.some(
      ({ caption, tags }) =>
        caption === image.caption && tags.toSorted().join() === image.tags.toSorted().join(),
    );
    return holds
      ? []
      : [`an edit of ${story.name} is lost: it says ${image.caption}, ${image.tags}`];
  });
