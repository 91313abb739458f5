import { type Command, someStory, USERS } from "./command.ts";
import { look } from "./shown.ts";

interface Page {
  items: { imageId: string; ownerId: string; visibility: string; version: number }[];
}

/** Looks at one image as its owner, and as somebody else. */
export const read: Command = async (stage) => {
  const { client, violated } = stage;
  const story = someStory(stage);
  if (!story) return;
  await look(stage, story);
  const path = `/v1/images/${story.imageId}`;
  const userId = USERS.find((user) => user !== story.ownerId) ?? "eve";
  for (const [service, strange] of [
    ["catalog", path],
    ["upload", `/v1/uploads/${story.imageId}`],
    ["processing", `/v1/processing/${story.imageId}`],
  ] as const) {
    const others = await client.ask(service, { userId, method: "GET", path: strange });
    if (others && others.status < 500 && others.status !== 404) {
      violated(`${userId} was answered ${others.status} for ${strange}, which is not his`);
    }
  }
};

/** Lists one's images: all of them one's own, none that is deleted, none older than it was seen. */
export const list: Command = async ({ client, random, stories, violated }) => {
  const userId = random.pick(USERS);
  const before = new Map(stories.map((story) => [story.imageId, { ...story }]));
  const path = `/v1/images?limit=100${random.chance(0.4) ? "&tag=beach" : ""}`;
  const answer = await client.ask("catalog", { userId, method: "GET", path });
  if (answer?.status !== 200) return;
  for (const { imageId, ownerId, version } of (answer.body as Page).items) {
    const known = before.get(imageId);
    if (ownerId !== userId) violated(`${userId}'s list holds an image of ${ownerId}`);
    if (known?.gone) violated(`${known.name} is deleted, and is listed`);
    if (known && version < known.seen) violated(`${known.name} is listed with an old version`);
  }
};

/** Searches: late is allowed, what is not one's own or public is not. */
export const search: Command = async ({ client, random, violated }) => {
  const userId = random.pick(USERS);
  const scope = random.pick(["mine", "public", "all"]);
  const path = `/v1/search?scope=${scope}&limit=100`;
  const answer = await client.ask("search", { userId, method: "GET", path });
  if (answer?.status !== 200) return;
  for (const { imageId, ownerId, visibility } of (answer.body as Page).items) {
    if (ownerId !== userId && visibility !== "public") {
      violated(`${userId} found the private image ${imageId} of ${ownerId}`);
    }
  }
};
