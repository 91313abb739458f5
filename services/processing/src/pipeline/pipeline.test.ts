import { describe, expect, it } from "vitest";
import { presets } from "../domain/presets.ts";
import { type Sharp, sharp } from "./image-library.ts";
import { bomb, cornersOf, eicar, noise, quarters } from "./pictures.testkit.ts";
import { defaultLimits, run, runWell } from "./workshop.testkit.ts";

const UPRIGHT = ["red", "green", "blue", "white"];

async function rejectionOf(...input: Parameters<typeof run>): Promise<string | undefined> {
  const { outcome, objects } = await run(...input);
  expect(objects.size).toBe(0);
  return outcome.kind === "rejected" ? outcome.reason.code : undefined;
}

describe("renditions", () => {
  it("are the five of the default preset, in their sizes, under deterministic keys", async () => {
    const { result, upload, objects, steps } = await runWell(
      await quarters(2000, 1500).jpeg().toBuffer(),
    );
    expect(result.renditions.map(({ key, width, height }) => `${key} ${width}x${height}`)).toEqual([
      `renditions/${upload.imageId}/thumb.webp 150x150`,
      `renditions/${upload.imageId}/small.webp 320x240`,
      `renditions/${upload.imageId}/medium.webp 640x480`,
      `renditions/${upload.imageId}/large.webp 1080x810`,
      `renditions/${upload.imageId}/large.jpg 1080x810`,
    ]);
    for (const rendition of result.renditions) {
      const stored = objects.get(rendition.key);
      expect(stored?.contentType).toBe(`image/${rendition.format}`);
      expect(stored?.body.length).toBe(rendition.size);
      expect(await sharp(stored?.body).metadata()).toMatchObject({
        format: rendition.format,
        width: rendition.width,
        height: rendition.height,
      });
    }
    expect(result).toMatchObject({ width: 2000, height: 1500 });
    expect(steps.map((step) => step.name)).toEqual([
      "fetch",
      "scan",
      "identify",
      "decode",
      "describe",
      "render",
      "store",
    ]);
  });

  it("have an AVIF of large where the preset asks for it", async () => {
    const { stored } = await runWell(await quarters(300, 200).jpeg().toBuffer(), "image/jpeg", {
      preset: presets.avif,
    });
    expect(stored("large", "avif").toString("latin1", 4, 12)).toBe("ftypavif");
  });

  it("are never larger than the picture", async () => {
    const { result } = await runWell(await quarters(200, 100).png().toBuffer(), "image/png");
    expect(result.renditions.map(({ width, height }) => `${width}x${height}`)).toEqual([
      "150x100",
      "200x100",
      "200x100",
      "200x100",
      "200x100",
    ]);
  });

  it("carry no EXIF, GPS, XMP, ICC, IPTC or comment of the original", async () => {
    const original = await quarters(400, 300)
      .withExif({
        IFD0: { Make: "SECRETCAM", Copyright: "SECRETOWNER" },
        IFD3: {
          GPSLatitudeRef: "N",
          GPSLatitude: "51/1 30/1 0/1",
          GPSLongitudeRef: "W",
          GPSLongitude: "0/1 7/1 0/1",
        },
      })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><secretxmp/></x:xmpmeta>')
      .withIccProfile("p3")
      .jpeg()
      .toBuffer();
    expect(original.includes("SECRETCAM") && original.includes("secretxmp")).toBe(true);
    const { objects, result } = await runWell(original, "image/jpeg", { preset: presets.avif });
    expect(result.gps?.latitude).toBeCloseTo(51.5);
    expect(result.exif).toEqual({ cameraMake: "SECRETCAM" });
    expect(objects.size).toBe(6);
    for (const { body, contentType } of objects.values()) {
      for (const trace of ["SECRET", "secretxmp", "Exif", "ICC_PROFILE", "ICCP", "XMP ", "EXIF"]) {
        expect(body.includes(trace), trace).toBe(false);
      }
      if (contentType === "image/avif") continue;
      const metadata = await sharp(body).metadata();
      expect(metadata).not.toHaveProperty("exif");
      expect(metadata).not.toHaveProperty("icc");
      expect(metadata).not.toHaveProperty("xmp");
      expect(metadata).not.toHaveProperty("iptc");
    }
  });
});

describe("orientation", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "%i is seen upright, with the sizes as seen",
    async (orientation) => {
      // The inverse of each orientation, done by sharp: what a camera held that way would have stored.
      const upright = quarters(640, 400);
      const stores: Record<number, () => Sharp> = {
        1: () => upright.clone(),
        2: () => upright.clone().flop(),
        3: () => upright.clone().rotate(180),
        4: () => upright.clone().flip(),
        5: () => upright.clone().flip().rotate(90),
        6: () => upright.clone().rotate(270),
        7: () => upright.clone().flop().rotate(90),
        8: () => upright.clone().rotate(90),
      };
      for (const [type, format] of [
        ["image/jpeg", "jpeg"],
        ["image/png", "png"],
        ["image/webp", "webp"],
      ] as const) {
        const camera = stores[orientation]?.() ?? upright;
        const bytes = await camera.withMetadata({ orientation }).toFormat(format).toBuffer();
        const { result, stored: rendition } = await runWell(bytes, type);
        expect(result).toMatchObject({ width: 640, height: 400 });
        expect(await cornersOf(rendition("large"))).toEqual(UPRIGHT);
        expect(await cornersOf(rendition("thumb"))).toEqual(UPRIGHT);
      }
    },
  );
});

describe("every kind of picture becomes sRGB of 8 bits", () => {
  const cases = {
    "a 16-bit PNG": async () => [
      "image/png",
      await quarters(300, 200).toColourspace("rgb16").png().toBuffer(),
    ],
    "a Display-P3 JPEG": async () => [
      "image/jpeg",
      await quarters(300, 200).withIccProfile("p3").jpeg().toBuffer(),
    ],
    "a progressive JPEG": async () => [
      "image/jpeg",
      await quarters(300, 200).jpeg({ progressive: true }).toBuffer(),
    ],
    "an interlaced PNG": async () => [
      "image/png",
      await quarters(300, 200).png({ progressive: true }).toBuffer(),
    ],
    "a lossless WebP": async () => [
      "image/webp",
      await quarters(300, 200).webp({ lossless: true }).toBuffer(),
    ],
    "a palette PNG": async () => [
      "image/png",
      await quarters(300, 200).png({ palette: true }).toBuffer(),
    ],
  } as const;
  it.each(Object.entries(cases))("%s", async (_name, make) => {
    const [contentType, bytes] = await make();
    const { stored } = await runWell(bytes as Buffer, contentType as "image/jpeg");
    for (const format of ["webp", "jpeg"]) {
      const rendition = stored("large", format);
      expect(await cornersOf(rendition)).toEqual(UPRIGHT);
      expect(await sharp(rendition).metadata()).toMatchObject({ space: "srgb", depth: "uchar" });
    }
  });

  it("a CMYK JPEG, as close as inks come", async () => {
    const bytes = await sharp({
      create: { width: 64, height: 64, channels: 3, background: "#00a651" },
    })
      .toColourspace("cmyk")
      .jpeg()
      .toBuffer();
    expect(await sharp(bytes).metadata()).toMatchObject({ space: "cmyk" });
    const { stored } = await runWell(bytes);
    for (const format of ["webp", "jpeg"]) {
      const rendition = stored("large", format);
      expect(await sharp(rendition).metadata()).toMatchObject({ space: "srgb", channels: 3 });
      const [red, green, blue] = await sharp(rendition).raw().toBuffer();
      expect(Math.abs((red ?? 255) - 0)).toBeLessThan(25);
      expect(Math.abs((green ?? 0) - 166)).toBeLessThan(25);
      expect(Math.abs((blue ?? 0) - 81)).toBeLessThan(25);
    }
  });

  it("a Display-P3 colour comes out as the sRGB that looks the same", async () => {
    const bytes = await quarters(64, 64).withIccProfile("p3").png().toBuffer();
    const asStored = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    expect(asStored[1]).toBeGreaterThan(30);
    const { stored } = await runWell(bytes, "image/png");
    const [red = 0, green = 0, blue = 0] = await sharp(stored("large")).raw().toBuffer();
    expect(red).toBeGreaterThan(245);
    expect(Math.max(green, blue)).toBeLessThan(12);
  });

  it("a grey JPEG and a 16-bit grey PNG", async () => {
    const grey = quarters(300, 200).grayscale();
    for (const [type, bytes] of [
      ["image/jpeg", await grey.clone().jpeg().toBuffer()],
      ["image/png", await grey.clone().toColourspace("grey16").png().toBuffer()],
    ] as const) {
      const { stored, result } = await runWell(bytes, type);
      expect(await sharp(stored("large")).metadata()).toMatchObject({ channels: 3 });
      expect(result.color).toMatch(/^#([0-9a-f]{2})\1\1$/);
    }
  });

  it("an HDR JPEG with a gain map, as its plain picture", async () => {
    // What phones of today write; sharp makes it, but its types do not know the method yet.
    const picture = quarters(320, 240) as Sharp & { withGainMap(): Sharp };
    const bytes = await picture.withGainMap().jpeg({ quality: 90 }).toBuffer();
    expect(bytes.includes("hdrgm") || bytes.includes("21496")).toBe(true);
    const { stored } = await runWell(bytes);
    expect(await cornersOf(stored("large"))).toEqual(UPRIGHT);
  });

  it("a palette PNG with transparency keeps it in WebP and lies on white in JPEG", async () => {
    const bytes = await sharp({
      create: { width: 300, height: 200, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .png({ palette: true })
      .toBuffer();
    const { stored, result } = await runWell(bytes, "image/png");
    expect((await sharp(stored("large")).stats()).channels[3]?.max).toBe(0);
    expect((await sharp(stored("large", "jpeg")).stats()).channels[0]?.min).toBe(255);
    expect(result.color).toBe("#ffffff");
  });

  it("an animated WebP, as its first frame", async () => {
    const frame = (background: string) =>
      sharp({ create: { width: 64, height: 48, channels: 3, background } })
        .png()
        .toBuffer();
    const bytes = await sharp([await frame("#ff0000"), await frame("#0000ff")], {
      join: { animated: true },
    })
      .webp({ loop: 0, delay: [100, 100] })
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    const { stored, result } = await runWell(bytes, "image/webp");
    expect(result).toMatchObject({ width: 64, height: 48 });
    expect((await sharp(stored("large")).metadata()).pages).toBeUndefined();
    expect(await cornersOf(stored("large"))).toEqual(["red", "red", "red", "red"]);
  });
});

describe("extreme sizes", () => {
  it.each([
    [1, 1, "1x1", "1x1"],
    [1, 5000, "1x5000", "1x150"],
    [5000, 1, "1080x1", "150x1"],
    [3000, 150, "1080x54", "150x150"],
    [2, 30_000, "1x16383", "2x150"],
  ])("%i × %i", async (width, height, large, thumb) => {
    const bytes = await sharp({ create: { width, height, channels: 3, background: "#123456" } })
      .png()
      .toBuffer();
    const { result } = await runWell(bytes, "image/png");
    const sizes = Object.fromEntries(
      result.renditions.map((rendition) => [
        rendition.name,
        `${rendition.width}x${rendition.height}`,
      ]),
    );
    expect(sizes).toMatchObject({ large, thumb });
    expect(result).toMatchObject({ width, height, color: "#123456" });
    expect(Buffer.from(result.thumbHash, "base64").length).toBeGreaterThanOrEqual(5);
  });
});

describe("rejections, each with its reason and nothing stored", () => {
  it("the EICAR file itself", async () => {
    expect(await rejectionOf(Buffer.from(eicar))).toBe("infected");
  });

  it("a good JPEG with EICAR behind it, across a chunk boundary, or in its middle", async () => {
    const jpeg = await noise(400, 400).jpeg({ quality: 90 }).toBuffer();
    expect(jpeg.length).toBeGreaterThan(70_000);
    expect(await rejectionOf(Buffer.concat([jpeg, Buffer.from(eicar)]))).toBe("infected");
    const across = Buffer.concat([
      jpeg.subarray(0, 65_500),
      Buffer.from(eicar),
      jpeg.subarray(65_500),
    ]);
    expect(await rejectionOf(across)).toBe("infected");
  });

  it("a bomb of 400 megapixels, without decoding it", async () => {
    const bytes = bomb(20_000, 20_000);
    expect(bytes.length).toBeLessThan(200_000);
    const began = performance.now();
    expect(await rejectionOf(bytes, "image/png")).toBe("too-many-pixels");
    expect(performance.now() - began).toBeLessThan(500);
  });

  it("one pixel over the limit, and not one at the limit", async () => {
    const limits = { ...defaultLimits, maxPixels: 10_000 };
    const square = (width: number) => quarters(width, 100).png().toBuffer();
    expect(await rejectionOf(await square(101), "image/png", { limits })).toBe("too-many-pixels");
    await runWell(await square(100), "image/png", { limits });
  });

  it("a side that is longer than any picture's", async () => {
    expect(await rejectionOf(bomb(65_536, 1), "image/png")).toBe("too-many-pixels");
  });

  it("a type that is not the declared one", async () => {
    const png = await quarters(20, 20).png().toBuffer();
    expect(await rejectionOf(png, "image/jpeg")).toBe("type-mismatch");
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    expect(await rejectionOf(svg, "image/png")).toBe("type-mismatch");
    expect(await rejectionOf(Buffer.from("<html>"), "image/webp")).toBe("type-mismatch");
    expect(await rejectionOf(Buffer.from("x"), "image/webp")).toBe("type-mismatch");
  });

  it("first bytes of a JPEG and nothing more of one", async () => {
    expect(
      await rejectionOf(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(500)])),
    ).toBe("undecodable");
  });

  it.each(["jpeg", "png", "webp"] as const)("a %s that was cut off", async (format) => {
    const whole = await noise(500, 400).toFormat(format).toBuffer();
    const half = whole.subarray(0, whole.length >> 1);
    expect(await rejectionOf(half, `image/${format}`)).toBe("undecodable");
  });

  it("more bytes than allowed, without fetching them", async () => {
    const bytes = await quarters(20, 20).png().toBuffer();
    const limits = { ...defaultLimits, maxBytes: bytes.length - 1 };
    const originals = {
      open: () => Promise.reject(new Error("must not be asked for")),
    };
    expect(await rejectionOf(bytes, "image/png", { limits, originals })).toBe("too-large");
  });

  it("times the steps up to the one that refused", async () => {
    const { outcome } = await run(Buffer.from("no picture"));
    expect(outcome.steps.map((step) => step.name)).toEqual(["fetch", "scan", "identify"]);
  });
});

describe("trouble that is not the picture's", () => {
  it("is thrown, so that the message is tried again", async () => {
    const bytes = await quarters(20, 20).png().toBuffer();
    const down = () => Promise.reject(new Error("S3 is down"));
    await expect(run(bytes, "image/png", { originals: { open: down } })).rejects.toThrow(
      "S3 is down",
    );
    await expect(
      run(bytes, "image/png", { renditions: { put: down, removeAll: down } }),
    ).rejects.toThrow("S3 is down");
    await expect(run(bytes, "image/png", { scanner: { scan: down } })).rejects.toThrow(
      "S3 is down",
    );
  });
});
