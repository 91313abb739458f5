import type { Client } from "../clients/client.ts";
import type { Picture } from "../clients/pictures.ts";
import type { Story } from "../clients/story.ts";
import type { Random } from "../world/random.ts";
import type { World } from "../world/world.ts";

/** What a command works with. */
export interface Stage {
  world: World;
  client: Client;
  pictures: Picture[];
  stories: Story[];
  /** Chance of this one command, whatever other commands there are. */
  random: Random;
  /** Something that must never be seen was seen. */
  violated(what: string): void;
}

/** Something that somebody does. It resolves when he is done; others go on meanwhile. */
export type Command = (stage: Stage) => Promise<void>;

export const USERS = ["ann", "ben"];

/** One of the images that were accepted so far, rather a late one. */
export function someStory({ stories, random }: Stage): Story | undefined {
  if (stories.length === 0) return undefined;
  const back = Math.floor(stories.length * random.next() ** 2);
  return stories[stories.length - 1 - back];
}
