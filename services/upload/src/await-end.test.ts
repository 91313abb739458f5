import { describe, expect, it } from "vitest";
import { awaitEnd } from "./await-end.ts";
import type { Session } from "./domain/session.ts";

const upload = {
  ownerId: "ann",
  imageId: "0198c1a2-7b3c-7def-8123-456789abcdef",
  contentType: "image/jpeg",
  size: 10,
  tags: [],
  visibility: "private",
  expiresAt: 1e9,
  correlationId: "request-1",
} as const;
const awaiting: Session = { ...upload, tags: [], status: "awaiting" };
const aborted: Session = { ...upload, tags: [], status: "aborted" };

/** A table in which the session changes at `changesAt`, and a clock that only pauses set forward. */
function world(changesAt: number, session: Session | undefined = awaiting) {
  let time = 0;
  const reads: number[] = [];
  const load = async () => {
    reads.push(time);
    return time >= changesAt ? aborted : session;
  };
  const pause = async (milliseconds: number) => {
    time += milliseconds;
  };
  return { reads, sessions: { load } as never, now: () => time, pause };
}
const patient = new AbortController().signal;
const ref = { ownerId: "ann", imageId: upload.imageId };

describe("waiting for the end of an upload", () => {
  it("answers at once when it has ended, does not exist, or nobody wants to wait", async () => {
    for (const [deps, wait] of [
      [world(0), 25_000],
      [world(1e12), 0],
    ] as const) {
      await awaitEnd(ref, wait, deps, patient);
      expect(deps.reads).toEqual([0]);
    }
    const nothing = { ...world(1e12), sessions: { load: async () => undefined } as never };
    expect(await awaitEnd(ref, 25_000, nothing, patient)).toBeUndefined();
  });

  it("answers within a second of the end, however late it comes", async () => {
    for (const at of [1, 50, 700, 3000, 24_500]) {
      const deps = world(at);
      expect((await awaitEnd(ref, 25_000, deps, patient))?.status).toBe("aborted");
      expect(deps.now() - at).toBeLessThanOrEqual(1000);
    }
  });

  it("answers with what there is when the time is up, exactly then, after some thirty reads", async () => {
    const deps = world(1e12);
    expect(await awaitEnd(ref, 25_000, deps, patient)).toEqual(awaiting);
    expect(deps.now()).toBe(25_000);
    expect(deps.reads.length).toBeLessThanOrEqual(32);
  });

  it("sees an upload expire by the clock", async () => {
    const deps = world(1e12, { ...awaiting, expiresAt: 5_000 - 3_600_000 });
    await awaitEnd(ref, 25_000, deps, patient);
    expect(deps.now()).toBeLessThanOrEqual(6_001);
  });

  it("ends when the client is gone", async () => {
    const client = new AbortController();
    const deps = world(1e12);
    const pause = async () => {
      client.abort();
      throw new Error("aborted");
    };
    await awaitEnd(ref, 25_000, { ...deps, pause }, client.signal);
    expect(deps.reads).toHaveLength(2);
  });
});
