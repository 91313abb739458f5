import { newImageId } from "@shoebox/shared/ids";
import { SIGNED_URL_LIFETIME } from "@shoebox/shared/image";
import { expect, it } from "vitest";
import { edited } from "./edit.ts";
import type { VisibleImage } from "./image-record.ts";
import { deleted } from "./tombstone.ts";
import { apply } from "./write.ts";

const now = Date.UTC(2026, 10, 22);
const at = (ms: number) => ({ now: ms, correlationId: "c-1" });
const key = { ownerId: "ann", imageId: newImageId(now) };
const image = (parts: Partial<VisibleImage>) =>
  ({
    ...key,
    version: 1,
    s3Key: "originals/x",
    visibility: "private",
    tags: [],
    processed: { renditions: [] },
    ...parts,
  }) as unknown as VisibleImage;
const audience = (parts: Partial<VisibleImage>, ms = now) =>
  deleted(image(parts), at(ms)).set.audience;

it("a deletion says who may hold a URL that still works", () => {
  expect(audience({})).toBe("owner");
  expect(audience({ visibility: "public" })).toBe("public");
  expect(audience({ visibility: "public", processed: undefined })).toBeUndefined();
  expect(audience({ visibility: "public", processed: undefined, turn: 5 })).toBe("public");
});

it("an image that was public counts as public until the URLs of others have ended", () => {
  const before = image({ visibility: "public" });
  const write = edited(before, { visibility: "private" }, at(now));
  const after = write && (apply(key, before, write) as VisibleImage);
  expect(audience({ ...after }, now + SIGNED_URL_LIFETIME - 1)).toBe("public");
  expect(audience({ ...after }, now + SIGNED_URL_LIFETIME)).toBe("owner");
  const gone = after && apply(key, after, deleted(after, at(now)));
  expect(gone?.publicUntil).toBeUndefined();
});
