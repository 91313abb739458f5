import { type Command, someStory } from "./command.ts";
import { look, shown } from "./shown.ts";

/** Changes tags and caption of an image; each edit has a caption of its own, so that it can be told from others. */
export const edit: Command = async (stage) => {
  const { client, random } = stage;
  const story = someStory(stage);
  if (!story) return;
  const tags = ["beach", "sunset", "night", "city", "rain"].filter(() => random.chance(0.4));
  const caption = `caption ${random.int(2 ** 31)}`;
  const made = { caption, tags, version: undefined as number | undefined, refused: false };
  const before = { seen: story.seen, gone: story.gone };
  story.edits.push(made);
  const answer = await client.ask("catalog", {
    userId: story.ownerId,
    method: "PATCH",
    path: `/v1/images/${story.imageId}`,
    body: { tags, caption },
  });
  if (!answer || answer.status >= 500) return;
  made.refused = answer.status !== 200;
  if (answer.status === 200) made.version = (answer.body as { version: number }).version;
  shown(stage, story, answer, before);
  if (random.chance(0.5)) await look(stage, story);
};
