import { type Command, someStory } from "./command.ts";

/** Calls an upload off, which works only while it is awaited. */
export const abort: Command = async (stage) => {
  const story = someStory(stage);
  if (!story) return;
  story.abortAsked = true;
  await stage.client.ask("upload", {
    userId: story.ownerId,
    method: "DELETE",
    path: `/v1/uploads/${story.imageId}`,
  });
};
