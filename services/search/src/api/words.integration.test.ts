import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cataloged, picture, startSearch } from "../search.testkit.ts";

/** What is searched: name → caption, or a whole picture. The newest comes last. */
const PICTURES: Record<string, Parameters<typeof picture>[0]> = {
  cafe: { caption: "Sunset at the cafe\u0301" },
  ete: { caption: "L'été à la plage" },
  tokyo: { caption: "東京タワーの夜" },
  kyoto: { caption: "京都、東山" },
  camera: { caption: "ｶﾒﾗ" },
  seoul: { caption: "서울에서" },
  athens: { caption: "Η Αθήνα τη νύχτα, οδός Ερμού" },
  moscow: { caption: "Ёлка на площади" },
  cairo: { caption: "القاهِرة ٢٠٢٤" },
  delhi: { caption: "हिन्दी में" },
  street: { caption: "Straße, Łódź" },
  party: { caption: "birthday🎉🎉" },
  file: { fileName: "IMG_2041-golden.gate.JPG" },
  tagged: { tags: ["golden-gate", "bridge"] },
  apart: { caption: "golden light at the gate" },
  row: { caption: "The Golden Gate bridge" },
};

let search: Awaited<ReturnType<typeof startSearch>>;
const names = new Map<string, string>();

beforeAll(async () => {
  search = await startSearch();
  const pictures = Object.entries(PICTURES).map(([name, changes], minute) => {
    const uploadedAt = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
    const made = picture({ uploadedAt, ...changes });
    names.set(made.imageId, name);
    return made;
  });
  await search.deliver(...pictures.map(cataloged));
});
afterAll(() => search.close());

async function found(q: string, options = ""): Promise<(string | undefined)[]> {
  const { status, body } = await search.get(`/v1/search?q=${encodeURIComponent(q)}${options}`);
  expect(status).toBe(200);
  return body.items.map(({ imageId }) => names.get(imageId));
}

describe("words of any script", () => {
  it.each([
    ["CAFÉ", ["cafe"]],
    ["ｃａｆｅ", ["cafe"]],
    ["été", ["ete"]],
    ["l’ete", ["ete"]],
    ["plage a", ["ete"]],
    ["東京", ["tokyo"]],
    ["東", ["kyoto", "tokyo"]],
    ["京東", []],
    ["タワー", ["tokyo"]],
    ["カメラ", ["camera"]],
    ["서울에서".normalize("NFD"), ["seoul"]],
    ["ΑΘΗΝΑ ΟΔΟΣ", ["athens"]],
    ["елка", ["moscow"]],
    ["القاهرة 2024", ["cairo"]],
    ["हिन्दी", ["delhi"]],
    ["हिन्द", []],
    ["STRASSE lodz", ["street"]],
    ["🎉", ["party"]],
    ["birthday 🎉", ["party"]],
    ["2041", ["file"]],
    ["img_2041", ["file"]],
    ["#golden-gate", ["tagged", "row", "file"]],
  ])("%s finds %j", async (q, expected) => {
    expect(await found(q)).toEqual(expected);
  });
});

describe("relevance", () => {
  it("puts tags before other texts and words in a row before words apart, then what is newer", async () => {
    expect(await found("golden gate")).toEqual(["row", "tagged", "file", "apart"]);
    expect(await found("bridge")).toEqual(["tagged", "row"]);
    expect(await found("golden gate", "&sort=newest")).toEqual(["row", "apart", "tagged", "file"]);
  });

  it("puts what was typed before what is like it", async () => {
    const [light, lights] = [
      picture({ caption: "northern light" }),
      picture({ caption: "lights" }),
    ];
    names.set(light.imageId, "light").set(lights.imageId, "lights");
    await search.deliver(cataloged(light), cataloged(lights));
    expect((await found("lights", "&typos=true"))[0]).toBe("lights");
    expect((await found("light", "&typos=true")).at(-1)).toBe("lights");
    expect((await found("light", "&asYouType=true")).at(-1)).toBe("lights");
  });
});

describe("typing errors", () => {
  it("are not forgiven unless asked for", async () => {
    expect(await found("sunste")).toEqual([]);
    expect(await found("sunste", "&typos=true")).toEqual(["cafe"]);
  });

  it.each([
    ["suset", ["cafe"]],
    ["brigde", ["tagged", "row"]],
    ["goldne gaet brigde", ["tagged", "row"]],
    ["xunset", []],
    ["snst", []],
    ["golden-gaet", ["tagged", "row", "file", "apart"]],
    ["東京", ["tokyo"]],
    ["東大", []],
    ["at", ["apart", "cafe"]],
    ["ax", []],
  ])("%s finds %j", async (q, expected) => {
    expect((await found(q, "&typos=true")).toSorted()).toEqual(expected.toSorted());
  });
});

describe("searching while typing", () => {
  it.each([
    ["sun", ["cafe"]],
    ["golden ga", ["row", "tagged", "file", "apart"]],
    ["gol gate", []],
    ["서울", ["seoul"]],
    ["東京タ", ["tokyo"]],
    ["京タ", ["tokyo"]],
    ["東ワ", []],
    ["IMG_20", ["file"]],
    ["birthday 🎉", ["party"]],
  ])("%s finds %j", async (q, expected) => {
    expect((await found(q, "&asYouType=true")).toSorted()).toEqual(expected.toSorted());
  });

  it("forgives typing errors too, if so asked", async () => {
    const both = "&asYouType=true&typos=true";
    expect((await found("goldne bri", both)).toSorted()).toEqual(["row", "tagged"]);
    expect((await found("golden brigde", both)).toSorted()).toEqual(["row", "tagged"]);
  });
});
