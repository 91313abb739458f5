import { sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { askForForm, type Image, sendForm, signIn, type User, upload } from "./client.ts";
import { type Facts, listenToFacts } from "./facts.ts";
import { scene, smallPicture } from "./pictures.ts";
import { decode, encode, flipped, withParameter } from "./signed-url.ts";

const url = inject("url");
let user: User;
let facts: Facts;
let image: Image;
let other: Image;

beforeAll(async () => {
  user = await signIn(url);
  facts = await listenToFacts(url);
  [image, other] = (await Promise.all(
    [40, 200].map(async (hue) => {
      const bytes = await scene(700, 500, hue).jpeg().toBuffer();
      const fileName = "Évora, “evening”.html";
      const id = await upload(user, bytes, { contentType: "image/jpeg", fileName });
      await facts.status(id, "ready");
      return (await user.get<Image>(`/v1/images/${id}`)).body;
    }),
  )) as [Image, Image];
});
afterAll(() => facts.close());

const status = async (address: string) => (await fetch(address)).status;
const signed = async (query: string, id = image.imageId) =>
  (await user.get<{ url: string; expiresAt: string }>(`/v1/images/${id}/url?${query}`)).body;
const renditionUrl = (name: string) =>
  image.renditions.find((rendition) => rendition.name === name)?.url ?? "";

describe("a signed URL", () => {
  it("serves what it was signed for, with headers that keep it a picture", async () => {
    const response = await fetch(renditionUrl("thumb"), { headers: { Origin: url } });
    await response.arrayBuffer();
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toContain("sandbox");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("access-control-allow-origin")).toBe(url);
  });

  it("serves nothing without its signature, or with a part of it changed", async () => {
    const address = renditionUrl("small");
    expect(await status(withParameter(address, "Policy", (same) => same))).toBe(200);
    for (const name of ["Policy", "Signature", "Key-Pair-Id"]) {
      const without = withParameter(address, name, () => undefined);
      expect(await status(without), `without ${name}`).toBe(403);
      const changed = withParameter(address, name, flipped);
      expect(await status(changed), `changed ${name}`).toBe(403);
    }
    expect(await status(address.replace(/\?.*/, ""))).toBe(403);
  });

  it("serves no other picture than its own", async () => {
    for (const path of [
      `/renditions/${other.imageId}/thumb.webp`,
      `/renditions/${image.imageId}/../${other.imageId}/thumb.webp`,
      `/renditions/${image.imageId}%2F..%2F${other.imageId}/thumb.webp`,
      new URL((await signed("rendition=original")).url).pathname,
    ]) {
      const borrowed = renditionUrl("thumb").replace(/(\/\/[^/]+)[^?]*/, `$1${path}`);
      expect(await status(borrowed), path).toBe(403);
    }
  });

  it("can't be stretched: a policy of one's own has no signature", async () => {
    const stretched = withParameter(renditionUrl("thumb"), "Policy", (text) => {
      const policy = decode(text).toString();
      const later = policy.replace(/"AWS:EpochTime":\d+/, '"AWS:EpochTime":4102444800');
      expect(later).not.toBe(policy);
      return encode(Buffer.from(later));
    });
    expect(await status(stretched)).toBe(403);
  });

  it("ends when its policy says so", async () => {
    const file = join(inject("folder"), "cloud", "keys.json");
    const { cdn } = JSON.parse(readFileSync(file, "utf8")) as {
      cdn: Record<string, { privateKeyPem: string }>;
    };
    const address = renditionUrl("thumb");
    const keyId = /Key-Pair-Id=([\w-]+)/.exec(address)?.[1] ?? "";
    const [, own] = Object.entries(cdn).find(([name]) => keyId.endsWith(name)) ?? [];
    const until = (seconds: number) => {
      const time = Math.floor(Date.now() / 1_000) + seconds;
      const resource = address.replace(/\?.*/, "");
      const policy = Buffer.from(
        `{"Statement":[{"Resource":"${resource}","Condition":{"DateLessThan":{"AWS:EpochTime":${time}}}}]}`,
      );
      const signature = sign("sha256", policy, own?.privateKeyPem ?? "");
      const mine = withParameter(address, "Policy", () => encode(policy));
      return withParameter(mine, "Signature", () => encode(signature));
    };
    // Signed by the CDN's own key: the first shows that only the time is wrong with the second.
    expect(await status(until(60))).toBe(200);
    expect(await status(until(-60))).toBe(403);
  });

  it("says when it ends, one to two hours from now", async () => {
    const { expiresAt } = await signed("rendition=thumb");
    const minutes = (Date.parse(expiresAt) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(55);
    expect(minutes).toBeLessThanOrEqual(120);
  });

  it("is for reading only", async () => {
    for (const method of ["PUT", "POST", "DELETE"]) {
      expect((await fetch(renditionUrl("thumb"), { method })).status).toBe(403);
    }
  });
});

describe("the URL of an original", () => {
  it("is pinned to the verified version: no other version, none without", async () => {
    const address = (await signed("rendition=original")).url;
    expect(await status(withParameter(address, "versionId", (same) => same))).toBe(200);
    expect(await status(withParameter(address, "versionId", () => undefined))).toBe(403);
    expect(await status(withParameter(address, "versionId", () => "another"))).toBe(403);
    expect(await status(withParameter(address, "versionId", () => "null"))).toBe(403);
  });

  it("still gives the first bytes after others were sent by the same form", async () => {
    const [first, second] = [await smallPicture(10, "png"), await smallPicture(200, "png")];
    const length = Math.max(first.length, second.length);
    const [mine, forged] = [first, second].map((bytes) =>
      Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]),
    ) as [Buffer, Buffer];
    const form = await askForForm(user, { contentType: "image/png", size: length });
    expect((await sendForm(form, mine)).status).toBe(201);
    await facts.status(form.imageId, "ready");
    const before = (await user.get<Image>(`/v1/images/${form.imageId}`)).body;
    const again = await sendForm(form, forged);
    expect(again.status).toBe(201);
    const { url: address } = await signed("rendition=original", form.imageId);
    const seen = Buffer.from(await (await fetch(address)).arrayBuffer());
    expect(seen.equals(mine)).toBe(true);
    const forgedVersion = again.headers.get("x-amz-version-id") ?? "";
    expect(await status(withParameter(address, "versionId", () => forgedVersion))).toBe(403);
    // Both arrivals were reported; the second one led to no further fact.
    await facts.about(
      form.imageId,
      () => facts.of(form.imageId).filter(({ type }) => type === "Object Created").length === 2,
    );
    expect(facts.of(form.imageId).filter(({ type }) => type === "ImageUploaded")).toHaveLength(1);
    const after = (await user.get<Image>(`/v1/images/${form.imageId}`)).body;
    expect(after.version).toBe(before.version);
  });

  it("is saved under the user's name for it, made harmless, as what it is", async () => {
    const { url: address } = await signed("rendition=original&download=1");
    const disposition = (await fetch(address)).headers.get("content-disposition") ?? "";
    expect(decodeURIComponent(disposition)).toMatch(
      /^attachment; filename\*=UTF-8''.*Évora.*\.jpg$/,
    );
  });
});

describe("which URLs there are", () => {
  it.each(["thumb", "small", "medium", "large"])("one of %s", async (rendition) => {
    expect(await status((await signed(`rendition=${rendition}`)).url)).toBe(200);
  });

  it("one of the JPEG of large", async () => {
    const response = await fetch((await signed("rendition=large&format=jpeg")).url);
    await response.arrayBuffer();
    expect(response.headers.get("content-type")).toBe("image/jpeg");
  });

  it("none of a rendition that there is not", async () => {
    const answer = await user.get(`/v1/images/${image.imageId}/url?rendition=huge`);
    expect(answer.status).toBe(404);
  });
});
