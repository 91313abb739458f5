import { describe, expect, it } from "vitest";
import { refusalOf } from "./acceptable.ts";
import { progressOf, summaryOf, type UploadItem } from "./item.ts";
import { Queue } from "./queue.ts";

const item = (state: UploadItem["state"], size = 100, sent = 0): UploadItem => ({
  id: `${state}${size}`,
  name: "a.jpg",
  size,
  sent,
  state,
  caption: "",
});

describe("a file that can't be taken", () => {
  it("is refused with a reason before a byte is sent", () => {
    expect(refusalOf({ name: "cat.gif", type: "image/gif", size: 1 })).toContain("GIF");
    expect(refusalOf({ name: "notes", type: "", size: 1 })).toContain("JPEG, PNG or WebP");
    expect(refusalOf({ name: "a.jpg", type: "image/jpeg", size: 0 })).toContain("empty");
    expect(refusalOf({ name: "a.jpg", type: "image/jpeg", size: 524_288_001 })).toContain(
      "500 MiB",
    );
    expect(refusalOf({ name: "a.jpg", type: "image/jpeg", size: 524_288_000 })).toBeUndefined();
  });
});

describe("the tray", () => {
  it("counts bytes, and not those of files that were refused", () => {
    expect(progressOf([item("sending", 100, 50), item("rejected", 900)])).toBe(0.5);
    expect(progressOf([])).toBe(0);
  });

  it("says what it is at", () => {
    expect(summaryOf([item("sending"), item("done")])).toBe("Uploading 1 of 2");
    expect(summaryOf([item("paused"), item("done")])).toBe("Paused, 1 of 2 done");
    expect(summaryOf([item("done")])).toBe("1 photo uploaded");
    expect(summaryOf([item("done"), item("done"), item("failed")])).toBe(
      "2 photos uploaded, 1 not",
    );
    expect(summaryOf([item("rejected")])).toBe("1 not uploaded");
  });
});

it("a queue does so many things at a time, and all of them in the end", async () => {
  const queue = new Queue(2);
  let running = 0;
  let most = 0;
  const done: number[] = [];
  await new Promise<void>((resolve) => {
    for (let number = 0; number < 7; number += 1) {
      queue.add(async () => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        running -= 1;
        done.push(number);
        if (done.length === 7) resolve();
      });
    }
  });
  expect([most, done]).toEqual([2, [0, 1, 2, 3, 4, 5, 6]]);
});
