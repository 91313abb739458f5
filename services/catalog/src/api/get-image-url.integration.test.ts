import { verify } from "node:crypto";
import { newImageId } from "@shoebox/shared/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Catalog, cdnPublicKey, startCatalog } from "../catalog.testkit.ts";
import { facts, NOON, OWNER, processedData, REJECTION, uploadedData } from "../facts.testkit.ts";

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.close());

async function anImage() {
  const data = uploadedData(newImageId(NOON));
  await catalog.deliver(facts.uploaded(data));
  return { data, key: { ownerId: OWNER, imageId: data.imageId } };
}

async function readyImage() {
  const image = await anImage();
  await catalog.deliver(facts.processed(processedData(image.key)));
  return image;
}

const ask = (imageId: string, query = "") => catalog.request(`/v1/images/${imageId}/url${query}`);

async function urlOf(imageId: string, query: string): Promise<{ url: URL; expiresAt: string }> {
  const answer = await ask(imageId, query);
  expect(answer.status).toBe(200);
  const { url, expiresAt } = (await answer.json()) as { url: string; expiresAt: string };
  return { url: new URL(url), expiresAt };
}

/** The policy of a URL, once its signature has been found to be the CDN key's. */
function policyOf(url: URL): { Resource: string; until: number } {
  const decode = (name: string) =>
    Buffer.from(
      (url.searchParams.get(name) ?? "")
        .replaceAll("-", "+")
        .replaceAll("_", "=")
        .replaceAll("~", "/"),
      "base64",
    );
  const policy = decode("Policy");
  expect(verify("sha256", policy, cdnPublicKey, decode("Signature"))).toBe(true);
  const [{ Resource, Condition }] = JSON.parse(policy.toString()).Statement;
  return { Resource, until: Condition.DateLessThan["AWS:EpochTime"] * 1000 };
}

describe("GET /v1/images/{imageId}/url", () => {
  it("signs exactly the pinned version of the original, and says when the URL ends", async () => {
    const { data } = await readyImage();
    const { url, expiresAt } = await urlOf(data.imageId, "?rendition=original");
    expect(url.pathname).toBe(`/${data.key}`);
    expect(url.searchParams.get("versionId")).toBe(data.versionId);
    const { Resource, until } = policyOf(url);
    expect(Resource).toBe(`https://cdn.example/${data.key}?versionId=${data.versionId}`);
    expect(until).toBe(Date.parse(expiresAt));
    expect(until - NOON).toBeGreaterThanOrEqual(3_600_000);
    expect(until - NOON).toBeLessThanOrEqual(7_200_000);
  });

  it("gives the original when no rendition is named", async () => {
    const { data } = await readyImage();
    expect((await urlOf(data.imageId, "")).url.pathname).toBe(`/${data.key}`);
  });

  it("names the download inside of what is signed, without a wildcard", async () => {
    const { data } = await readyImage();
    for (const [rendition, name] of [
      ["original", "Strand%20%26%20Meer.jpg"],
      ["thumb", "Strand%20%26%20Meer-thumb.webp"],
    ]) {
      const { url } = await urlOf(data.imageId, `?rendition=${rendition}&download=1`);
      expect(url.searchParams.get("response-content-disposition")).toBe(
        `attachment; filename*=UTF-8''${name}`,
      );
      const { Resource } = policyOf(url);
      expect(Resource).not.toContain("*");
      expect(url.href.startsWith(Resource)).toBe(true);
    }
  });

  it("prefers WebP of a rendition, and gives another format that is asked for", async () => {
    const { data } = await readyImage();
    const path = async (query: string) => (await urlOf(data.imageId, query)).url.pathname;
    expect(await path("?rendition=large")).toBe(`/renditions/${data.imageId}/large.webp`);
    expect(await path("?rendition=large&format=jpeg")).toBe(
      `/renditions/${data.imageId}/large.jpeg`,
    );
  });

  it("knows no rendition that there is not", async () => {
    const { data } = await readyImage();
    for (const query of ["?rendition=huge", "?rendition=thumb&format=avif"]) {
      const answer = await ask(data.imageId, query);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({
        detail: "There is: original, thumb (webp), large (jpeg), large (webp).",
      });
    }
  });

  it("serves nothing that was not processed yet, not even to its owner", async () => {
    const { data } = await anImage();
    for (const query of ["?rendition=original", "?rendition=thumb"]) {
      const answer = await ask(data.imageId, query);
      expect(answer.status).toBe(409);
      expect(answer.headers.get("retry-after")).toBe("2");
    }
  });

  it("serves nothing of a rejected image, even if it was ready before, and says why", async () => {
    const { data, key } = await readyImage();
    await catalog.deliver(facts.rejected(key));
    for (const query of ["?rendition=original", "?rendition=thumb"]) {
      const answer = await ask(data.imageId, query);
      expect(answer.status).toBe(409);
      expect(answer.headers.get("retry-after")).toBeNull();
      const { detail } = (await answer.json()) as { detail: string };
      expect(detail).toContain(REJECTION.message);
    }
    const image = await (await catalog.request(`/v1/images/${data.imageId}`)).json();
    expect(image).toMatchObject({ status: "rejected", reason: REJECTION, renditions: [] });
  });

  it("refuses what it does not understand", async () => {
    const { data } = await readyImage();
    for (const query of [
      "?download=yes",
      "?rendition=../x",
      "?rendition=",
      "?format=gif",
      "?x=1",
    ]) {
      expect((await ask(data.imageId, query)).status, query).toBe(400);
    }
  });
});
