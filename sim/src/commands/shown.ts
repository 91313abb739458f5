import type { Story } from "../clients/story.ts";
import type { ApiAnswer } from "../services/api-function.ts";
import type { Stage } from "./command.ts";

/** The owner looks at an image. */
export async function look(stage: Stage, story: Story): Promise<void> {
  const before = { seen: story.seen, gone: story.gone };
  const path = `/v1/images/${story.imageId}`;
  const answer = await stage.client.ask("catalog", { userId: story.ownerId, method: "GET", path });
  if (answer) shown(stage, story, answer, before);
}

/**
 * Looks at what the owner of an image was answered. `before` is what was known when he asked: a
 * version only grows, and what is gone never comes back.
 */
export function shown(
  { violated }: Stage,
  story: Story,
  answer: ApiAnswer,
  before: { seen: number; gone: boolean },
): void {
  if (answer.status === 200) {
    const { version } = answer.body as { version: number };
    if (before.gone) violated(`${story.name} is deleted, and version ${version} was shown`);
    if (version < before.seen) {
      violated(`version ${version} of ${story.name} was shown after version ${before.seen}`);
    }
    story.visibleOnce = true;
    story.seen = Math.max(story.seen, version);
  }
  if (answer.status === 404 && story.visibleOnce) {
    if (!story.deleteAsked) violated(`${story.name} was there, is not deleted, and is not found`);
    story.gone = true;
  }
}
