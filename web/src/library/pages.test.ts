import { describe, expect, it } from "vitest";
import { flatten, withHead, withoutPhotos, withPhoto } from "./pages.ts";
import type { Photo } from "./photo.ts";

const photo = (imageId: string, version = 1): Photo => ({
  imageId,
  ownerId: "ann",
  status: "ready",
  tags: [],
  caption: null,
  visibility: "private",
  contentType: "image/jpeg",
  size: 1,
  width: 4,
  height: 3,
  uploadedAt: "2026-11-01T00:00:00.000Z",
  renditions: [],
  version,
});
const list = (...pages: string[][]) => ({
  pages: pages.map((ids) => ({ items: ids.map((id) => photo(id)), nextCursor: "more" })),
  pageParams: pages.map(() => undefined),
});
const ids = ({ pages }: { pages: { items: Photo[] }[] }) =>
  flatten(pages).map(({ imageId }) => imageId);
const head = (nextCursor: string | undefined, ...photos: Photo[]) => ({
  items: photos,
  nextCursor,
});

describe("the newest pictures of a list that was loaded before", () => {
  it("come first, without moving those that follow", () => {
    const after = withHead(
      list(["5", "4"], ["3", "2"]),
      head("more", photo("7"), photo("6"), photo("5")),
    );
    expect(ids(after)).toEqual(["7", "6", "5", "4", "3", "2"]);
  });

  it("take away what was deleted elsewhere, and nothing that is merely older", () => {
    const after = withHead(list(["5", "4"], ["3", "2"]), head("more", photo("5"), photo("3")));
    expect(ids(after)).toEqual(["5", "3", "2"]);
    expect(ids(withHead(list(["2", "1"]), head(undefined, photo("2"))))).toEqual(["2"]);
    expect(ids(withHead(list(["2", "1"]), head(undefined)))).toEqual([]);
  });

  it("begin the list anew when more has come than one page holds, so that nothing is left out", () => {
    const after = withHead(list(["2", "1"]), head("older", photo("9"), photo("8")));
    expect(ids(after)).toEqual(["9", "8"]);
    expect(after.pages.map(({ nextCursor }) => nextCursor)).toEqual(["older"]);
  });

  it("leave the list as it was when nothing is new, so that nothing is painted again", () => {
    const before = list(["5", "4"], ["3"]);
    expect(withHead(before, head("more", photo("5"), photo("4")))).toBe(before);
  });

  it("are newer versions of known ones", () => {
    const after = withHead(list(["5", "4"]), head("more", photo("5", 2), photo("4")));
    expect(after.pages[0]?.items.map(({ version }) => version)).toEqual([2, 1]);
  });
});

it("an older state of a picture never replaces a newer one", () => {
  const newer = withPhoto(list(["1"]), photo("1", 3));
  expect(withPhoto(newer, photo("1", 2))).toBe(newer);
});

it("pictures that are gone are gone from every page, and from the total", () => {
  const counted = list(["3", "2"], ["1"]);
  counted.pages = counted.pages.map((page) => ({ ...page, total: 3 }));
  const after = withoutPhotos(counted, new Set(["2"]));
  expect(ids(after)).toEqual(["3", "1"]);
  expect(after.pages[0]).toMatchObject({ total: 2 });
});
