import type { ImageState } from "@shoebox/shared/events/catalog";
import { describe, expect, it } from "vitest";
import { imageDocument, tombstone } from "./document.ts";

const image: ImageState = {
  imageId: "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55",
  ownerId: "ann",
  version: 3,
  status: "ready",
  tags: ["beach", "lisbon-trip"],
  caption: "Sunset",
  visibility: "private",
  fileName: "IMG_2024-pier.JPG",
  contentType: "image/jpeg",
  size: 10,
  uploadedAt: "2026-11-22T12:00:00.000Z",
  takenAt: "2026-11-20T08:00:00.000Z",
  renditions: [],
};

describe("a document of the index", () => {
  it("has the words of caption, file name and tags, folded, each word apart", () => {
    expect(imageDocument({ ...image, caption: "Sunset – a\u0301 l'été" })).toMatchObject({
      words: "Sunset   a l ete\nIMG 2024 pier JPG\nbeach\nlisbon trip",
      tags: ["beach", "lisbon-trip"],
      deleted: false,
      version: 3,
    });
  });

  it("carries the whole image to answer with", () => {
    expect(imageDocument(image)).toMatchObject({ image, takenAt: image.takenAt });
  });

  it("has no words when there are none", () => {
    const bare = { ...image, caption: undefined, fileName: undefined, tags: [] };
    expect(imageDocument(bare)).toMatchObject({ words: "" });
  });

  it("of a deleted image says nothing but whose it was and its version", () => {
    const gone = { imageId: image.imageId, ownerId: "ann", version: 4 };
    expect(tombstone({ ...gone, deletedAt: "x" } as never)).toEqual({ ...gone, deleted: true });
  });
});
