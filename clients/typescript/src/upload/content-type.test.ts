import { expect, it } from "vitest";
import { contentTypeOf } from "./content-type.ts";

it.each([
  ["image/jpeg", [0xff, 0xd8, 0xff, 0xe1]],
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]],
  ["image/webp", [0x52, 0x49, 0x46, 0x46, 1, 2, 3, 4, 0x57, 0x45, 0x42, 0x50, 0]],
])("%s is told by the first bytes, whatever the file says", async (type, bytes) => {
  expect(await contentTypeOf(new Blob([Uint8Array.from(bytes)], { type: "text/plain" }))).toBe(
    type,
  );
});

it("what is no picture is what it says it is", async () => {
  expect(await contentTypeOf(new Blob(["GIF89a"], { type: "image/gif" }))).toBe("image/gif");
  expect(await contentTypeOf(new Blob(["x"]))).toBe("application/octet-stream");
});
