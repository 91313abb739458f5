import type { Picture } from "../clients/pictures.ts";
import type { Story } from "../clients/story.ts";
import { sha256Of } from "../s3/multipart.ts";
import { type Command, type Stage, USERS } from "./command.ts";

const TAGS = ["beach", "sunset", "night", "city"];
/** Milliseconds a form is good for. */
const FORM = 300_000;

interface Begun {
  imageId: string;
  fields: Record<string, string>;
}

/** Announces a picture and sends it: once, twice, twice with other bytes, late, or never. */
export const upload: Command = async (stage) => {
  const { client, random, pictures } = stage;
  const good = pictures.filter(({ end }) => end === "ready");
  const picture = random.pick(random.chance(0.7) ? good : pictures);
  const begun = await announce(stage, picture);
  if (!begun) return;
  const { story, fields } = begun;
  const deliver = async (bytes: Picture) => {
    const versionId = await client.send(fields, bytes.bytes);
    if (versionId !== undefined) story.arrived.push({ picture: bytes, versionId });
  };
  const drawn = random.next();
  if (drawn < 0.08) return;
  if (drawn < 0.14) {
    // Too late for the form; the store refuses it.
    await client.pause(random.between(FORM, FORM * 2));
    return deliver(picture);
  }
  if (drawn < 0.2) await client.pause(random.between(FORM * 0.9, FORM));
  await deliver(picture);
  if (drawn < 0.7) return;
  await client.pause(random.between(0, random.pick([50, 3_000, FORM])));
  const others = pictures.filter(
    ({ contentType, name }) => contentType === picture.contentType && name !== picture.name,
  );
  await deliver(drawn < 0.8 || others.length === 0 ? picture : random.pick(others));
};

/** Begins an upload and tells its story from then on. */
export async function announce(
  { client, random, stories, world }: Stage,
  picture: Picture,
): Promise<{ story: Story; fields: Record<string, string> } | undefined> {
  const userId = random.pick(USERS);
  const tags = TAGS.filter(() => random.chance(0.4));
  const visibility = random.chance(0.3) ? "public" : "private";
  const answer = await client.insist("upload", {
    userId,
    method: "POST",
    path: "/v1/uploads",
    headers: { "Idempotency-Key": `key-${random.int(2 ** 31)}` },
    body: {
      contentType: picture.contentType,
      size: picture.bytes.length,
      tags,
      visibility,
      // The form then takes these very bytes and no others.
      ...(random.chance(0.2) && { sha256: sha256Of(picture.bytes) }),
    },
  });
  if (answer?.status !== 201) return undefined;
  const { imageId, fields } = answer.body as Begun;
  const story: Story = {
    imageId,
    name: `image-${stories.length + 1}`,
    ownerId: userId,
    tags,
    visibility,
    arrived: [],
    edits: [],
    abortAsked: false,
    deleteAsked: false,
    gone: false,
    seen: 0,
    visibleOnce: false,
  };
  stories.push(story);
  world.trace.name(imageId, story.name);
  world.trace.add(`${userId} may send ${story.name}, ${picture.name}`);
  return { story, fields };
}
