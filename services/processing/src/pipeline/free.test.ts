import { expect, it } from "vitest";
import { free } from "./free.ts";
import { sharp } from "./image-library.ts";
import { noise } from "./pictures.testkit.ts";
import { runWell } from "./workshop.testkit.ts";

it("a buffer's memory is given back at once, also when a native library allocated it", async () => {
  const pixels = await sharp({
    create: { width: 3000, height: 2000, channels: 3, background: "#123456" },
  })
    .raw()
    .toBuffer();
  for (const buffer of [Buffer.alloc(18_000_000), pixels]) {
    const before = process.memoryUsage().external;
    free(buffer);
    expect(before - process.memoryUsage().external).toBeGreaterThan(17_000_000);
    expect(buffer).toHaveLength(0);
  }
});

it("what shares its memory with other buffers is left alone", () => {
  const small = Buffer.from("small");
  expect(small.buffer.byteLength).toBeGreaterThan(small.length);
  free(small);
  expect(small.toString()).toBe("small");
});

it("of a picture that was processed neither the file nor its pixels stay in memory", async () => {
  const picture = await noise(1080, 1080).jpeg({ quality: 90 }).toBuffer();
  const chunks: Uint8Array[] = [];
  const scanner = {
    async scan(bytes: AsyncIterable<Buffer>) {
      for await (const chunk of bytes) chunks.push(chunk);
      return { clean: true } as const;
    },
  };
  await runWell(picture, "image/jpeg", { scanner });
  const before = process.memoryUsage().external;
  await runWell(picture, "image/jpeg", { scanner });
  // The file, which the scanner saw parts of; and 3.5 MB of pixels.
  expect(chunks.length).toBeGreaterThan(10);
  expect(chunks.map(({ length }) => length)).toEqual(chunks.map(() => 0));
  expect(process.memoryUsage().external - before).toBeLessThan(3_000_000);
});
