import { describe, expect, it } from "vitest";
import { awaitVersions } from "./await-versions.ts";

const IMAGE = { imageId: "i", version: 3 };

/** A search that knows the version of `i` by the clock, a clock that only pauses move, and what was done. */
function world(versionAt: (time: number) => number | undefined) {
  let time = 0;
  const looks: number[] = [];
  const deps = {
    now: () => time,
    search: {
      versions: async () => {
        looks.push(time);
        const version = versionAt(time);
        return new Map(version === undefined ? [] : [["i", version]]);
      },
    } as never,
    pause: async (milliseconds: number, signal: AbortSignal) => {
      signal.throwIfAborted();
      time += milliseconds;
    },
  };
  const wait = (milliseconds: number, signal = new AbortController().signal) =>
    awaitVersions([IMAGE], "ann", milliseconds, deps, signal);
  return { looks, wait, time: () => time };
}

describe("waiting for a version", () => {
  it("ends at once when it is known, or a later one is", async () => {
    for (const version of [3, 4]) {
      const { wait, looks } = world(() => version);
      expect(await wait(10_000)).toBe(true);
      expect(looks).toEqual([0]);
    }
  });

  it("ends soon after it becomes known", async () => {
    const { wait, time } = world((now) => (now < 1_000 ? 2 : 3));
    expect(await wait(10_000)).toBe(true);
    expect(time()).toBeLessThan(1_500);
  });

  it("gives up when the time is over, after one last look and not too many before", async () => {
    const { wait, looks, time } = world(() => 2);
    expect(await wait(10_000)).toBe(false);
    expect(time()).toBe(10_000);
    expect(looks.at(-1)).toBe(10_000);
    expect(looks.length).toBeLessThan(30);
  });

  it("looks once when it may not wait", async () => {
    const { wait, looks } = world(() => undefined);
    expect(await wait(0)).toBe(false);
    expect(looks).toEqual([0]);
  });

  it("ends when the client is gone", async () => {
    const { wait, looks } = world(() => undefined);
    expect(await wait(10_000, AbortSignal.abort())).toBe(false);
    expect(looks).toEqual([0]);
  });
});
