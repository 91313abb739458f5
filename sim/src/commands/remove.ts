import { type Command, someStory } from "./command.ts";

/** Deletes an image, whatever its state. */
export const remove: Command = async (stage) => {
  const { client } = stage;
  const story = someStory(stage);
  if (!story) return;
  const { gone } = story;
  story.deleteAsked = true;
  const answer = await client.ask("catalog", {
    userId: story.ownerId,
    method: "DELETE",
    path: `/v1/images/${story.imageId}`,
  });
  if (answer?.status === 204) {
    if (gone) stage.violated(`${story.name} was deleted twice`);
    story.gone = true;
  }
};
