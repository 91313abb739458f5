import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newImageId } from "./ids.ts";
import {
  Caption,
  contentTypes,
  FileName,
  Instant,
  MAX_USER_ID_BYTES,
  originalKey,
  parseOriginalKey,
  Tag,
  Tags,
} from "./image.ts";

const letters = [
  "a",
  "Z",
  "ß",
  "é",
  "e\u0301",
  "İ",
  "J\u030c",
  "Σ",
  "я",
  "海",
  "नि",
  "ك",
  "ไ",
  "𝒜",
];
const likelyTag = fc
  .array(fc.constantFrom(...letters, "7", "٣", "-", "_"), { minLength: 1, maxLength: 20 })
  .map((parts) => parts.join(""));
const anyText = fc.string({ unit: "binary" });

describe("a tag", () => {
  it("is the same when it is read again, whatever was typed", () => {
    fc.assert(
      fc.property(fc.oneof(likelyTag, anyText), (typed) => {
        const once = Tag.safeParse(typed);
        if (once.success) expect(Tag.parse(once.data)).toBe(once.data);
      }),
      { numRuns: 500 },
    );
  });

  it("is the same in whichever form of Unicode it was typed", () => {
    fc.assert(
      fc.property(likelyTag, (typed) => {
        expect(Tag.parse(typed.normalize("NFD"))).toBe(Tag.parse(typed.normalize("NFC")));
        expect(Tag.parse(typed).normalize("NFC")).toBe(Tag.parse(typed));
      }),
      { numRuns: 500 },
    );
    expect(Tag.parse("J\u030c")).toBe("\u01f0");
  });

  it("may be of any script, and is lower-cased and trimmed", () => {
    const typed = ["  Sea-Side_1 ", "ÇEŞME", "Ночь", "東京", "नमस्ते", "مدينة", "ಠ_ಠ"];
    expect(typed.map((tag) => Tag.parse(tag))).toEqual([
      "sea-side_1",
      "çeşme",
      "ночь",
      "東京",
      "नमस्ते",
      "مدينة",
      "ಠ_ಠ",
    ]);
  });

  it("has 64 characters at most, as people count them and not in UTF-16", () => {
    expect(Tag.parse("𠮷".repeat(64))).toHaveLength(128);
    expect(Tag.safeParse("𠮷".repeat(65)).success).toBe(false);
    expect(Tag.safeParse("a".repeat(65)).success).toBe(false);
    expect(Tag.safeParse("e\u0301".repeat(64)).success).toBe(true);
  });

  it.each(["", " ", "a b", "a#b", "a/b", "a.b", "🌆", "a\u0000", "\ud800", "<b>", "a\u200d"])(
    "is not %j",
    (text) => expect(Tag.safeParse(text).success).toBe(false),
  );
});

describe("the tags of an image", () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `tag-${index}`);

  it("are 30 at most, counted as they were sent", () => {
    expect(Tags.parse(many(30))).toHaveLength(30);
    expect(Tags.safeParse(many(31)).success).toBe(false);
    expect(Tags.safeParse([...many(30), "tag-0"]).success).toBe(false);
  });

  it("are each there once, in the order given", () => {
    expect(Tags.parse(["Sea", "evening", "SEA", " sea"])).toEqual(["sea", "evening"]);
  });
});

describe("a caption and a file name", () => {
  it.each(["\ud83c", "a\udf06"])("are Unicode text, which %j is not", (text) => {
    expect(Caption.safeParse(text).success).toBe(false);
    expect(FileName.safeParse(text).success).toBe(false);
  });

  it("are trimmed before they are measured", () => {
    expect(Caption.parse(` ${"a".repeat(2_000)} `)).toHaveLength(2_000);
    expect(Caption.safeParse("a".repeat(2_001)).success).toBe(false);
    expect(FileName.safeParse("   ").success).toBe(false);
    expect(FileName.safeParse("a".repeat(256)).success).toBe(false);
    expect(Caption.parse("at dusk 🌆")).toBe("at dusk 🌆");
  });
});

describe("an instant", () => {
  it.each([
    ["2026-11-22T12:00:00Z", "2026-11-22T12:00:00.000Z"],
    ["2026-11-22T12:00:00.5+05:30", "2026-11-22T06:30:00.500Z"],
    ["2026-11-22T00:30:00+01:00", "2026-11-21T23:30:00.000Z"],
    ["2026-11-22", "2026-11-22T00:00:00.000Z"],
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
    ["0001-01-01", "0001-01-01T00:00:00.000Z"],
    ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z"],
  ])("%s is %s", (given, instant) => expect(Instant.parse(given)).toBe(instant));

  it.each([
    "2026-11-22T12:00:00",
    "2026-02-30",
    "2025-02-29T00:00:00Z",
    "2026-13-01",
    "2026-11-22T24:00:00Z",
    "2026-11-22T12:60:00Z",
    "22.11.2026",
    "1700000000",
    "+010000-01-01T00:00:00Z",
    "9999-12-31T23:59:59-10:00",
    "0000-01-01T00:00:00+10:00",
    "",
  ])("%j is none", (given) => expect(Instant.safeParse(given).success).toBe(false));

  it("is read again as it came out", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }),
        (date) => {
          expect(Instant.parse(date.toISOString())).toBe(date.toISOString());
        },
      ),
    );
  });
});

describe("the key of an original", () => {
  const userId = fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1 }),
    fc.string({ minLength: 1 }),
  );

  it("leads back to owner and image, whoever the owner is", () => {
    fc.assert(
      fc.property(userId, fc.constantFrom(...contentTypes), (ownerId, type) => {
        const imageId = newImageId(1_700_000_000_000);
        const key = originalKey(ownerId, imageId, type);
        expect(parseOriginalKey(key)).toEqual({ ownerId, imageId });
        expect(key).toMatch(/^[\w/.-]+$/);
      }),
    );
  });

  it("fits into S3's 1024 bytes for the longest user id", () => {
    const longest = "海".repeat(MAX_USER_ID_BYTES / 3).padEnd(MAX_USER_ID_BYTES - 466, "x");
    expect(Buffer.byteLength(longest)).toBe(MAX_USER_ID_BYTES);
    expect(originalKey(longest, newImageId(0), "image/webp").length).toBeLessThanOrEqual(1024);
  });

  const id = "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55";
  it.each([
    `originals/YW5u/${id}.gif`,
    `originals/YW5u/${id.replace("7b", "4b")}.jpg`,
    `originals/YW5u/x/${id}.jpg`,
    `originals//${id}.jpg`,
    `originals/YW5v_/${id}.jpg`,
    `originals/_w/${id}.jpg`,
    `renditions/YW5u/${id}.jpg`,
    `originals/YW5u/${id}.jpg\n`,
    "",
  ])("is not %j", (key) => expect(parseOriginalKey(key)).toBeUndefined());
});
