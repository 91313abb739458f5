import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import {
  askForForm,
  type Image,
  type Page,
  type SearchPage,
  sendForm,
  signIn,
  type User,
  upload,
} from "./client.ts";
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

const begin = async (hue: number, tag: string) =>
  upload(user, await smallPicture(hue), {
    contentType: "image/jpeg",
    tags: [tag],
    visibility: "public",
  });
/** What CloudFront was told to forget, as its own API lists it. */
async function invalidatedPaths(): Promise<string> {
  const env = parseEnv(readFileSync(join(inject("folder"), "aws.env"), "utf8"));
  const api = `${env.AWS_ENDPOINT_URL_CLOUDFRONT}/2020-05-31/distribution/distribution-pictures/invalidation`;
  const list = await (await fetch(api)).text();
  const ids = [...list.matchAll(/<Id>(\w+)<\/Id>/g)].map(([, id]) => id);
  const one = async (id: string | undefined) => (await fetch(`${api}/${id}`)).text();
  return (await Promise.all(ids.map(one))).join("");
}
const remove = (id: string) => user.call("DELETE", `/v1/images/${id}`);

it("a deleted picture is gone at once for every route, then without a trace in stores and index", async () => {
  const id = await begin(100, "gone");
  await facts.status(id, "ready");
  const { body: image } = await user.get<Image>(`/v1/images/${id}`);
  const original = (await user.get<{ url: string }>(`/v1/images/${id}/url`)).body.url;
  const addresses = [original, ...image.renditions.map((rendition) => rendition.url)];
  const search = async () => (await user.get<SearchPage>("/v1/search?scope=all&tag=gone")).body;
  const mine = ({ items }: SearchPage) => items.filter(({ imageId }) => imageId === id).length;
  await eventually(search, (page) => mine(page) === 1);

  const served = async () => {
    const answers = await Promise.all(addresses.map((address) => fetch(address)));
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    return [...new Set(answers.map(({ status }) => status))];
  };
  expect(await served()).toEqual([200]);

  expect((await remove(id)).status).toBe(204);
  expect((await user.get(`/v1/images/${id}`)).status).toBe(404);
  expect((await user.get(`/v1/images/${id}/url`)).status).toBe(404);
  expect((await user.call("PATCH", `/v1/images/${id}`, { body: { caption: "?" } })).status).toBe(
    404,
  );
  expect((await remove(id)).status).toBe(404);
  for (const list of ["/v1/images", "/v1/images?tag=gone"]) {
    expect((await user.get<Page<Image>>(list)).body.items).toEqual([]);
  }

  await Promise.all([
    facts.about(id, ({ type }) => type === "OriginalDeleted"),
    facts.about(id, ({ type }) => type === "RenditionsDeleted"),
  ]);
  // What the CDN keeps of it is to be forgotten, too, at the next minute's run.
  await user.call("POST", "/dev/schedules/forget-copies");
  await eventually(invalidatedPaths, (paths) => paths.includes(`/renditions/${id}/*`));
  // The CDN may not tell what there is not from what one may not see: 403, as of a private bucket.
  expect(await served()).toEqual([403]);
  await eventually(search, (page) => mine(page) === 0);
  expect((await user.get(`/v1/uploads/${id}`)).status).toBe(404);
  expect((await user.get(`/v1/processing/${id}`)).status).toBe(404);
});

it("a picture that is deleted while it is processed never becomes visible", async () => {
  const ids = await Promise.all([0, 1, 2, 3].map((n) => begin(n * 20, "early")));
  await Promise.all(
    ids.map(async (id) => {
      await facts.about(id, ({ type }) => type === "ImageCataloged");
      expect((await remove(id)).status).toBe(204);
    }),
  );
  await Promise.all(
    ids.flatMap((id) => [
      facts.about(id, ({ type }) => type === "OriginalDeleted"),
      facts.about(id, ({ type }) => type === "RenditionsDeleted"),
    ]),
  );
  for (const id of ids) expect((await user.get(`/v1/images/${id}`)).status).toBe(404);
  const { body } = await user.get<SearchPage>("/v1/search?scope=all&tag=early");
  expect(body.items.filter(({ imageId }) => ids.includes(imageId))).toEqual([]);
});

it("a form that is sent again after the deletion brings nothing back", async () => {
  const bytes = await smallPicture(300);
  const form = await askForForm(user, { contentType: "image/jpeg", size: bytes.length });
  await sendForm(form, bytes);
  await facts.status(form.imageId, "ready");
  await remove(form.imageId);
  await facts.about(form.imageId, ({ type }) => type === "OriginalDeleted");
  await sendForm(form, bytes);
  await facts.about(
    form.imageId,
    () => facts.of(form.imageId).filter(({ type }) => type === "Object Created").length === 2,
  );
  // A picture that is sent later and arrives shows that the second arrival was looked at, too.
  const later = await begin(301, "later");
  await facts.status(later, "ready");
  expect((await user.get(`/v1/images/${form.imageId}`)).status).toBe(404);
  expect(facts.of(form.imageId).filter(({ type }) => type === "ImageUploaded")).toHaveLength(1);
});

it("a rejected picture can be deleted, too", async () => {
  const id = await upload(user, Buffer.concat([(await smallPicture(5)).subarray(0, 300)]), {
    contentType: "image/jpeg",
  });
  await facts.status(id, "rejected");
  expect((await remove(id)).status).toBe(204);
  await facts.about(id, ({ type }) => type === "OriginalDeleted");
  expect((await user.get(`/v1/images/${id}`)).status).toBe(404);
});

it("what is still being uploaded is no image yet: its upload is called off instead, and what comes late is thrown away", async () => {
  const bytes = await smallPicture(310);
  const form = await askForForm(user, { contentType: "image/jpeg", size: bytes.length });
  expect((await remove(form.imageId)).status).toBe(404);
  expect((await user.call("DELETE", `/v1/uploads/${form.imageId}`)).status).toBe(204);
  await sendForm(form, bytes);
  await facts.about(form.imageId, ({ type }) => type === "Object Deleted");
  expect((await user.get(`/v1/images/${form.imageId}`)).status).toBe(404);
  expect((await user.get<{ status: string }>(`/v1/uploads/${form.imageId}`)).body.status).toBe(
    "aborted",
  );
  expect(facts.of(form.imageId).filter(({ type }) => !type.startsWith("Object"))).toEqual([]);
});

it("what the upload service rejected never was an image and can't be deleted as one", async () => {
  const bytes = Buffer.from("no picture at all");
  const form = await askForForm(user, { contentType: "image/jpeg", size: bytes.length });
  await sendForm(form, bytes);
  await facts.about(form.imageId, ({ type }) => type === "UploadRejected");
  expect((await remove(form.imageId)).status).toBe(404);
});

it("of several deletions of one picture at the same time exactly one is answered as such", async () => {
  const id = await begin(320, "race");
  await facts.status(id, "ready");
  const answers = await Promise.all(Array.from({ length: 5 }, () => remove(id)));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404, 404]);
  await facts.about(id, ({ type }) => type === "RenditionsDeleted");
  const told = facts.of(id).filter(({ type }) => type === "ImageDeleted");
  expect(told).toHaveLength(1);
});
