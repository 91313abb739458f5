import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { startInvalidationApi } from "@shoebox/local/cloudfront/invalidations";
import { newImageId } from "@shoebox/shared/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCdn } from "../adapters/cdn.ts";
import { messages, startProcessing } from "../processing.testkit.ts";
import { forgetCopies, MOST_PATHS } from "./forget-copies.ts";

const HOUR = 3_600_000;
let world: Awaited<ReturnType<typeof startProcessing>>;
let cloudfront: Awaited<ReturnType<typeof startInvalidationApi>>;
let client: CloudFrontClient;
beforeAll(async () => {
  world = await startProcessing();
  cloudfront = await startInvalidationApi(() => world.clock.now);
  client = new CloudFrontClient({
    endpoint: cloudfront.url,
    region: "us-east-1",
    credentials: { accessKeyId: "AKIALOCAL", secretAccessKey: "local-secret" },
  });
});
afterAll(async () => {
  client.destroy();
  await cloudfront.close();
  await world.close();
});

const run = (cdn = createCdn("E1", client)) =>
  forgetCopies({ jobs: world.jobs, cdn, now: () => world.clock.now, log: world.log });
const paths = () => cloudfront.list().map((invalidation) => invalidation.paths);

async function remove(audience?: "owner" | "public", forgets?: "shown" | "public") {
  const image = { imageId: newImageId(world.clock.now), ownerId: "ann" };
  await world.deleterFor(forgets)(messages(world.deletion(image, audience)));
  return image;
}

describe("the CDN", () => {
  it("is told once of a deleted image that was shown, by one path for all its renditions", async () => {
    const image = await remove("owner");
    await remove();
    await remove("owner", "public");
    expect(await run()).toEqual({ invalidated: 1, ended: 0 });
    expect(paths()).toEqual([[`/renditions/${image.imageId}/*`]]);
    await world.deleter(messages(world.deletion(image, "owner")));
    expect(await run()).toEqual({ invalidated: 0, ended: 0 });
  });

  it("is told again of the same images at no cost when the job dies before it notes that it told", async () => {
    const before = paths().length;
    await remove("public");
    const dying = { ...world.jobs, forgetCopies: () => Promise.reject(new Error("it died")) };
    const cdn = createCdn("E1", client);
    const now = () => world.clock.now;
    await expect(forgetCopies({ jobs: dying, cdn, now, log: world.log })).rejects.toThrow("died");
    expect(await run()).toEqual({ invalidated: 1, ended: 0 });
    expect(paths()).toHaveLength(before + 1);
  });

  it("is told of a few at a time, public ones first, and not of what nobody can fetch any more", async () => {
    for (let count = 0; count < MOST_PATHS; count++) await remove("owner");
    const shown = await remove("public");
    expect(await run()).toEqual({ invalidated: MOST_PATHS, ended: 0 });
    expect(paths()[0]?.[0]).toBe(`/renditions/${shown.imageId}/*`);
    world.clock.now += 2 * HOUR;
    expect(await run()).toEqual({ invalidated: 0, ended: 1 });
    expect(await run()).toEqual({ invalidated: 0, ended: 0 });
  });

  it("is told later when it is busy", async () => {
    await remove("owner");
    expect(await run({ forget: async () => false })).toEqual({ invalidated: 0, ended: 0 });
    expect(await run()).toEqual({ invalidated: 1, ended: 0 });
  });
});
