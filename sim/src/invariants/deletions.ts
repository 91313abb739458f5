import { visible } from "@shoebox/catalog/domain/image-record";
import type { Invariant } from "./state.ts";

/** What was known of an image, and must not outlive it. */
const LEFT_NOTHING = ["tags", "caption", "fileName", "takenAt", "processed", "rejected"] as const;

/** What was deleted is nowhere, and every deletion is closed. */
export const deletedStaysDeleted: Invariant = ({
  stories,
  images,
  documents,
  sessions,
  jobs,
  name,
}) => [
  ...stories.flatMap((story) =>
    story.gone && visible(images.get(story.imageId))
      ? [`${story.name} was deleted and is back in the catalog`]
      : [],
  ),
  ...[...images.values()].flatMap((image) => {
    if (image.deletedAt === undefined) return [];
    const id = name(image.imageId);
    const document = documents.get(image.imageId);
    const session = sessions.get(image.imageId);
    const job = jobs.get(image.imageId);
    return [
      ...LEFT_NOTHING.flatMap((attribute) =>
        image[attribute] === undefined ? [] : [`${id} is deleted, and its ${attribute} is kept`],
      ),
      ...(image.ttl === undefined ? [`the deletion of ${id} is never closed`] : []),
      ...(document && !document.deleted ? [`${id} is deleted and can be found`] : []),
      ...(session && session.status !== "deleted"
        ? [`${id} is deleted, and its upload is ${session.status}`]
        : []),
      ...(job && job.status !== "deleted"
        ? [`${id} is deleted, and its processing is ${job.status}`]
        : []),
    ];
  }),
];
