import { expect, it } from "vitest";
import { newPictures } from "./new-pictures.ts";

const file = (path: string, size: number, modified = 1) => ({ path, size, modified });

it("a file is taken when two looks found it alike, once, and again when it has changed", () => {
  const pictures = newPictures();
  const look = (...found: ReturnType<typeof file>[]) =>
    pictures.settled(found).map(({ path, size }) => `${path} ${size}`);
  expect(look(file("a", 1), file("empty", 0))).toEqual([]);
  expect(look(file("a", 2), file("b", 5), file("empty", 0))).toEqual([]);
  expect(look(file("a", 2), file("b", 5), file("empty", 0))).toEqual(["a 2", "b 5"]);
  pictures.done(file("a", 2));
  expect(look(file("a", 2), file("b", 5))).toEqual(["b 5"]);
  expect(look(file("a", 2, 7))).toEqual([]);
  expect(look(file("a", 2, 7))).toEqual(["a 2"]);
});

it("what was left at the beginning is taken when it changes", () => {
  const pictures = newPictures();
  pictures.leave([file("a", 1)]);
  expect(pictures.settled([file("a", 1)])).toEqual([]);
  expect(pictures.settled([file("a", 1)])).toEqual([]);
  pictures.settled([file("a", 2)]);
  expect(pictures.settled([file("a", 2)])).toHaveLength(1);
});
