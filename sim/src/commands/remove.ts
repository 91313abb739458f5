import type { Story } from "../clients/story.ts";
import { type Command, type Stage, someStory } from "./command.ts";
import { look } from "./shown.ts";
import { announce } from "./upload.ts";

/** Deletes an image, whatever its state. */
export const remove: Command = async (stage) => {
  const story = someStory(stage);
  if (story) await deleteIt(stage, story);
};

/** Sends a picture and thinks better of it as soon as it is there, while it is still being processed. */
export const regret: Command = async (stage) => {
  const { client, random, pictures } = stage;
  const picture = random.pick(pictures);
  const begun = await announce(stage, picture);
  if (!begun) return;
  const { story, fields } = begun;
  const versionId = await client.send(fields, picture.bytes);
  if (versionId !== undefined) story.arrived.push({ picture, versionId });
  for (let looks = 0; looks < 40 && !story.visibleOnce; looks++) {
    await client.pause(400);
    await look(stage, story);
  }
  await deleteIt(stage, story);
};

async function deleteIt(stage: Stage, story: Story): Promise<void> {
  const { client, random } = stage;
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
    if (random.chance(0.5)) await look(stage, story);
  }
}
