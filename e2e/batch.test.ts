import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { type Image, type Page, type SearchPage, signIn, type User, upload } from "./client.ts";
import { eventually } from "./eventually.ts";
import { type Facts, listenToFacts } from "./facts.ts";
import { smallPicture } from "./pictures.ts";

const url = inject("url");
let user: User;
let facts: Facts;
beforeAll(async () => {
  user = await signIn(url);
  facts = await listenToFacts(url);
});
afterAll(() => facts.close());

interface Results {
  results: { imageId: string; status: number; tags?: string[] }[];
}
const change = (as: User, body: object) => as.call<Results>("POST", "/v1/images/batch", { body });

it("many pictures are tagged and deleted at once, in the catalog, in search and in their stores", async () => {
  const ids = await Promise.all(
    [10, 130, 250].map(async (hue) =>
      upload(user, await smallPicture(hue), { contentType: "image/jpeg" }),
    ),
  );
  await Promise.all(ids.map((id) => facts.status(id, "ready")));
  const [kept = "", ...others] = ids;

  const tagged = await change(user, { imageIds: ids, action: "addTags", tags: ["Album"] });
  expect(tagged.status).toBe(207);
  expect(tagged.body.results.map(({ imageId, status, tags }) => [imageId, status, tags])).toEqual(
    ids.map((id) => [id, 200, ["album"]]),
  );
  const found = async () =>
    (await user.get<SearchPage>("/v1/search?tag=album")).body.items.map(({ imageId }) => imageId);
  await eventually(found, (list) => list.length === ids.length);

  const stranger = await signIn(url);
  const refused = await change(stranger, { imageIds: ids, action: "delete" });
  expect(refused.body.results.map(({ status }) => status)).toEqual([404, 404, 404]);

  const deleted = await change(user, { imageIds: [...others, "nonsense"], action: "delete" });
  expect(deleted.body.results.map(({ status }) => status)).toEqual([204, 204, 404]);
  const { body: mine } = await user.get<Page<Image>>("/v1/images");
  expect(mine.items.map(({ imageId }) => imageId)).toEqual([kept]);
  for (const id of others) {
    for (const type of ["OriginalDeleted", "RenditionsDeleted"]) {
      await facts.about(id, (fact) => fact.type === type);
    }
  }
  await eventually(found, (list) => list.length === 1 && list[0] === kept);
});
