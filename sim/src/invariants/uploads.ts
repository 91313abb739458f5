import { statusOf, visible } from "@shoebox/catalog/domain/image-record";
import type { Invariant } from "./state.ts";

/** Every accepted upload has come to an end, and to the one that its bytes deserve. */
export const uploadsEnd: Invariant = ({ stories, sessions, images, name }) => [
  ...[...sessions.values()].flatMap((session) => {
    if (session.status === "awaiting") return [`${name(session.imageId)} is awaited for ever`];
    if (session.status !== "uploaded") return [];
    const image = images.get(session.imageId);
    if (!image?.s3Key)
      return [`${name(session.imageId)} is uploaded, and the catalog does not know it`];
    if (visible(image) && statusOf(image) === "processing") {
      return [`${name(session.imageId)} is being processed for ever`];
    }
    return [];
  }),
  ...stories.flatMap((story) => {
    const session = sessions.get(story.imageId);
    const excused = story.abortAsked || story.deleteAsked;
    const isGood = ({ picture }: (typeof story.arrived)[number]) =>
      picture.end !== "refused by upload";
    if (story.arrived.length === 0 || excused) return [];
    if (!session) {
      // What was rejected is forgotten after a month.
      return story.arrived.every(isGood)
        ? [`${story.name} was accepted, and its session is lost`]
        : [];
    }
    if (session.status === "rejected") {
      return story.arrived.every(isGood)
        ? [`${story.name} is good, and was rejected: ${session.reason.code}`]
        : [];
    }
    if (session.status !== "uploaded")
      return [`${story.name} arrived in time, and is ${session.status}`];
    const pinned = story.arrived.find(({ versionId }) => versionId === session.versionId);
    if (!pinned || !isGood(pinned))
      return [`${story.name} is pinned to bytes that should be refused`];
    const image = visible(images.get(story.imageId));
    if (!image) return [`${story.name} is uploaded, and nobody sees it`];
    const wanted = pinned.picture.end === "ready" ? "ready" : "rejected";
    return statusOf(image) === wanted
      ? []
      : [`${story.name} is ${pinned.picture.name}, and is ${statusOf(image)}`];
  }),
];
