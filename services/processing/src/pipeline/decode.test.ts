import { expect, it } from "vitest";
import { Rejection } from "../domain/reasons.ts";
import { refusal } from "./decode.ts";

it.each([
  ["timeout: 7% complete", "too-complex"],
  ["Input image exceeds pixel limit", "too-many-pixels"],
  ["VipsJpeg: premature end of JPEG image", "undecodable"],
  ["something nobody has seen before", "undecodable"],
])("%j is final: %s", (message, code) => {
  const error = refusal(new Error(message));
  expect(error).toBeInstanceOf(Rejection);
  expect(error).toMatchObject({ reason: { code } });
});

it("too little memory is no fault of the picture", () => {
  const error = new Error("out of memory --- size == 800MB");
  expect(refusal(error)).toBe(error);
});
