import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCamera, readGps } from "./camera.ts";

const tag = (...value: unknown[]) => ({ value });

describe("camera facts", () => {
  it("an offset makes the time exact; without one the local time counts as UTC", () => {
    const DateTimeOriginal = tag("2022:08:14 14:12:31");
    expect(readCamera({ DateTimeOriginal, OffsetTimeOriginal: tag("+03:00") }).takenAt).toBe(
      "2022-08-14T11:12:31.000Z",
    );
    for (const OffsetTimeOriginal of [undefined, tag("   "), tag("+3"), tag(5)]) {
      expect(readCamera({ DateTimeOriginal, OffsetTimeOriginal }).takenAt).toBe(
        "2022-08-14T14:12:31.000Z",
      );
    }
  });

  it.each(["0000:00:00 00:00:00", "    :  :     :  :  ", "2022:13:40 10:00:00", "yesterday", ""])(
    "%j is no time",
    (value) => {
      expect(readCamera({ DateTimeOriginal: tag(value) })).not.toHaveProperty("takenAt");
    },
  );

  it("numbers are numbers, and what is not plausible is left out", () => {
    const { exif } = readCamera({
      ExposureTime: { value: [10, 770] },
      FNumber: { value: [28, 5] },
      FocalLength: { value: [24_005, 421] },
      ISOSpeedRatings: { value: 800 },
      Make: tag("  Canon\0\u0007 "),
      Model: tag("x".repeat(5_000)),
      LensModel: tag("   "),
    });
    expect(exif).toEqual({
      cameraMake: "Canon",
      cameraModel: "x".repeat(128),
      exposureTime: "1/77",
      fNumber: 5.6,
      iso: 800,
      focalLength: 57.02,
    });
    const broken = {
      ExposureTime: { value: [1, 0] },
      FNumber: { value: [0, 0] },
      ISOSpeedRatings: tag("800"),
    };
    expect(readCamera(broken)).toEqual({});
  });

  it.each([
    [[1, 350], "1/350"],
    [[1, 4], "1/4"],
    [[1, 2], "0.5"],
    [[5, 2], "2.5"],
    [[30, 1], "30"],
  ])("an exposure of %j s reads %s", (value, text) => {
    expect(readCamera({ ExposureTime: { value } }).exif?.exposureTime).toBe(text);
  });

  it("a place is a pair within the globe, and not the 0°/0° of no fix", () => {
    expect(readGps({ Latitude: 51.5, Longitude: -0.1 })).toEqual({
      latitude: 51.5,
      longitude: -0.1,
    });
    for (const raw of [
      undefined,
      {},
      { Latitude: 51.5 },
      { Latitude: 91, Longitude: 0 },
      { Latitude: Number.NaN, Longitude: 0 },
      { Latitude: 0, Longitude: 0 },
      { Latitude: "51", Longitude: "0" },
    ]) {
      expect(readGps(raw)).toBeUndefined();
    }
  });

  it("nothing in any field makes it throw", () => {
    const names = [
      "Make",
      "LensModel",
      "ExposureTime",
      "FNumber",
      "ISOSpeedRatings",
      "DateTimeOriginal",
    ];
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names), fc.record({ value: fc.anything() })),
        (tags) => {
          readCamera(tags);
        },
      ),
    );
  });
});
