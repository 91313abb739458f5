import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import {
  askForForm,
  type Form,
  type Image,
  type Problem,
  signIn,
  type User,
  upload,
} from "./client.ts";
import { type Facts, listenToFacts } from "./facts.ts";
import { smallPicture } from "./pictures.ts";

const url = inject("url");
let facts: Facts;
let owner: User;
let stranger: User;
let ready: string;
let awaited: Form;

beforeAll(async () => {
  facts = await listenToFacts(url);
  [owner, stranger] = await Promise.all([signIn(url), signIn(url)]);
  const bytes = await smallPicture(7);
  awaited = await askForForm(owner, { contentType: "image/jpeg", size: bytes.length });
  ready = await upload(owner, bytes, { contentType: "image/jpeg", visibility: "public" });
  await facts.status(ready, "ready");
});
afterAll(() => facts.close());

/** Every route that names an image. The picture is public on purpose: that is for searching only. */
const routes: [method: string, path: (id: string) => string, body?: object][] = [
  ["GET", (id) => `/v1/uploads/${id}`],
  ["DELETE", (id) => `/v1/uploads/${id}`],
  ["GET", (id) => `/v1/images/${id}`],
  ["PATCH", (id) => `/v1/images/${id}`, { caption: "mine now" }],
  ["GET", (id) => `/v1/images/${id}/url`],
  ["GET", (id) => `/v1/images/${id}/url?rendition=thumb&download=1`],
  ["DELETE", (id) => `/v1/images/${id}`],
  ["GET", (id) => `/v1/processing/${id}`],
];
const named = routes.map(([method, path, body]) => ({ method, path, body, shown: path("{id}") }));

describe("somebody else's picture", () => {
  it.each(named)(
    "is 404 for $method $shown, as one that there is not",
    async ({ method, path, body }) => {
      const theirs = await stranger.call<Problem>(method, path(ready), { body });
      const nobodys = await stranger.call<Problem>(
        method,
        path("019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"),
        {
          body,
        },
      );
      expect(theirs.status).toBe(404);
      expect({ ...theirs.body, requestId: "" }).toEqual({ ...nobodys.body, requestId: "" });
      const waiting = await stranger.call<Problem>(method, path(awaited.imageId), { body });
      expect(waiting.status).toBe(404);
    },
  );

  it("is neither listed nor found as one's own", async () => {
    expect((await stranger.get("/v1/images")).body).toEqual({ items: [] });
    expect((await stranger.get("/v1/search")).body).toMatchObject({ items: [], total: 0 });
  });

  it("is as it was after all of that", async () => {
    const { body } = await owner.get<Image>(`/v1/images/${ready}`);
    expect(body).toMatchObject({ status: "ready", version: 2, caption: null });
    expect((await owner.get(`/v1/uploads/${awaited.imageId}`)).body).toMatchObject({
      status: "awaiting",
    });
  });

  it("can't be reached by a user whose name is made to look like a key", async () => {
    for (const name of [
      `${owner.id}/`,
      `${owner.id} `,
      ` ${owner.id}`,
      owner.id.toUpperCase(),
      "*",
    ]) {
      const pretender = await signIn(url, name);
      expect([401, 404]).toContain((await pretender.get(`/v1/images/${ready}`)).status);
    }
    const withKey = await signIn(url, `${owner.id}#imageId`);
    expect((await withKey.get("/v1/images")).status).toBe(401);
  });
});
