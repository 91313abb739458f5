import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readExif } from "./exif.ts";
import { sharp } from "./image-library.ts";
import { quarters } from "./pictures.testkit.ts";

async function blockOf(format: "jpeg" | "png" | "webp"): Promise<Buffer> {
  const bytes = await quarters(8, 8)
    .withExif({ IFD0: { Make: "Testcam" }, IFD2: { FNumber: "28/10" } })
    .toFormat(format)
    .toBuffer();
  const { exif } = await sharp(bytes).metadata();
  if (!exif) throw new Error("no EXIF");
  return exif;
}

describe("an EXIF block", () => {
  it.each(["jpeg", "png", "webp"] as const)("is read from a %s", async (format) => {
    expect(readExif(await blockOf(format)).exif).toEqual({ cameraMake: "Testcam", fNumber: 2.8 });
  });

  it("that is broken, empty, too large or absent says nothing and throws nothing", async () => {
    expect(readExif(undefined)).toEqual({});
    expect(readExif(Buffer.alloc(0))).toEqual({});
    expect(readExif(Buffer.from("Exif\0\0II*\0"))).toEqual({});
    expect(readExif(Buffer.alloc(300_000))).toEqual({});
    const block = await blockOf("jpeg");
    fc.assert(
      fc.property(fc.nat(block.length - 1), fc.nat(255), fc.nat(block.length), (at, value, end) => {
        const damaged = Buffer.from(block.subarray(0, end));
        if (at < end) damaged[at] = value;
        readExif(damaged);
      }),
    );
  });
});
