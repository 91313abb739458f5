import { describe, expect, it } from "vitest";
import { sharp } from "./image-library.ts";
import { hasPhotos, photo, photosFolder, run, runWell } from "./workshop.testkit.ts";

const sizes = {
  "camera-canon-ixus.jpg": "640x480",
  "camera-canon.jpg": "1536x2048",
  "camera-nikon-e950.jpg": "800x600",
  "damaged-invalid.jpg": "636x227",
  "gps-nikon-1.jpg": "640x480",
  "gps-nikon-2.jpg": "640x480",
  "odd-exif-empty.jpg": "2164x1626",
  "orientation-landscape-1.jpg": "600x450",
  "orientation-landscape-6.jpg": "600x450",
  "orientation-portrait-3.jpg": "450x600",
  "orientation-portrait-8.jpg": "450x600",
  "phone-iphone.jpg": "3264x2448",
  "phone-jolla.jpg": "3264x2448",
  "phone-nokia-8.3.jpg": "4608x1976",
  "trail-reconyx.jpg": "2048x1536",
};

if (!hasPhotos) {
  it.skip(`there are no photographs in ${photosFolder} (set SHOEBOX_PHOTOS)`, () => undefined);
}

describe.runIf(hasPhotos)("real photographs", () => {
  it.each(Object.entries(sizes))(
    "%s becomes renditions as seen, without metadata",
    async (name, seen) => {
      const { result, objects } = await runWell(await photo(name));
      expect(`${result.width}x${result.height}`).toBe(seen);
      const ratio = result.width / result.height;
      for (const rendition of result.renditions) {
        const { body } = objects.get(rendition.key) ?? {};
        expect(body?.includes("Exif")).toBe(false);
        if (rendition.name === "thumb") continue;
        expect(Math.abs(rendition.height - rendition.width / ratio)).toBeLessThanOrEqual(1);
      }
    },
  );

  it("a corrupted one is rejected in one go, with its reason", async () => {
    const { outcome, objects } = await run(await photo("damaged-corrupted.jpg"));
    expect(outcome).toMatchObject({ kind: "rejected", reason: { code: "undecodable" } });
    expect(objects.size).toBe(0);
  });

  it("the same scene looks the same however the camera was held", async () => {
    const small = async (name: string) => {
      const { stored } = await runWell(await photo(name));
      return sharp(stored("small")).resize(16, 16, { fit: "fill" }).raw().toBuffer();
    };
    const difference = (a: Buffer, b: Buffer) =>
      a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0) / a.length;
    const [one, six] = [
      await small("orientation-landscape-1.jpg"),
      await small("orientation-landscape-6.jpg"),
    ];
    const [three, eight] = [
      await small("orientation-portrait-3.jpg"),
      await small("orientation-portrait-8.jpg"),
    ];
    expect(difference(one, six)).toBeLessThan(6);
    expect(difference(three, eight)).toBeLessThan(6);
    expect(difference(one, three)).toBeGreaterThan(30);
  });

  it("what the phone knew is read: camera, lens, exposure, time with its offset, place", async () => {
    const { result: nokia } = await runWell(await photo("phone-nokia-8.3.jpg"));
    expect(nokia).toMatchObject({
      exif: {
        cameraMake: "HMD Global",
        cameraModel: "Nokia 8.3 5G",
        exposureTime: "1/1848",
        fNumber: 2.2,
        iso: 100,
        focalLength: 2.75,
      },
      // 14:12:31 at +03:00.
      takenAt: "2022-08-14T11:12:31.000Z",
      gps: { latitude: expect.closeTo(60.1467, 3), longitude: expect.closeTo(24.9068, 3) },
    });
    const { result: iphone } = await runWell(await photo("phone-iphone.jpg"));
    expect(iphone.exif?.lens).toBe("iPhone 6 back camera 4.15mm f/2.2");
    expect(iphone.gps).toEqual({
      latitude: expect.closeTo(40.447, 3),
      longitude: expect.closeTo(-3.7248, 3),
    });
  });

  it("odd EXIF yields what is sound in it and no place", async () => {
    const { result } = await runWell(await photo("odd-exif-empty.jpg"));
    expect(result.exif?.cameraModel).toBe("EX-Z750");
    expect(result.exif).not.toHaveProperty("iso");
    expect(result).not.toHaveProperty("gps");
  });
});
