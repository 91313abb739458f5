import { afterEach, describe, expect, it } from "vitest";
import { startFrontDoor } from "./api.testkit.ts";
import { cancel } from "./commands/cancel.ts";
import { compare } from "./commands/compare.ts";
import { rebuild } from "./commands/rebuild.ts";
import { rebuilds } from "./commands/rebuilds.ts";
import { rollback } from "./commands/rollback.ts";
import { watch } from "./watch.ts";

const ID = "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55";
const REBUILDS = "/v1/search/rebuilds";
const running = {
  rebuildId: ID,
  status: "running",
  phase: "filling",
  source: "catalog",
  progress: 0.5,
  indexed: 5_000,
  expected: 10_000,
  ratePerSecond: 2_500,
  secondsLeft: 2,
  disagreements: { missing: 0, stale: 0, resurrected: 0 },
  index: "images-v3-new",
  previousIndex: "images-v3-old",
  rolledBack: false,
  startedAt: "2026-11-22T12:00:00.000Z",
};
const completed = {
  ...running,
  status: "completed",
  phase: "done",
  progress: 1,
  indexed: 10_000,
  disagreements: { missing: 2, stale: 0, resurrected: 1 },
  endedAt: "2026-11-22T12:01:05.000Z",
};

let door: Awaited<ReturnType<typeof startFrontDoor>>;
afterEach(() => door.close());
const run = { words: [] as string[], options: {} };

describe("rebuild", () => {
  it("begins one as asked, and says how to go on", async () => {
    door = await startFrontDoor({ [`POST ${REBUILDS}`]: [[202, { rebuildId: ID }]] });
    const options = { source: "archive", from: "2026-11-01" };
    expect(await rebuild.run({ words: [], options }, door.session())).toBe(0);
    expect(door.asked()).toEqual([
      expect.objectContaining({
        body: options,
        headers: expect.objectContaining({
          authorization: "Bearer local",
          "idempotency-key": expect.any(String),
        }),
      }),
    ]);
    expect(door.said.join()).toContain(`npm run ops -- rebuilds ${ID} --watch`);
  });

  it("with --watch shows it until it has ended, and what came of it", async () => {
    door = await startFrontDoor({
      [`POST ${REBUILDS}`]: [[202, { rebuildId: ID }]],
      [`GET ${REBUILDS}/${ID}`]: [[200, completed]],
    });
    expect(await rebuild.run({ words: [], options: { watch: true } }, door.session())).toBe(0);
    expect(door.said).toEqual([
      `Rebuild ${ID}`,
      "completed after 1 min 05 s: 10,000 documents in images-v3-new",
      "Found and repaired before it was used: 2 missing, 1 resurrected.",
      `images-v3-old is kept: npm run ops -- rollback ${ID} goes back to it.`,
    ]);
  });

  it("that fails is an exit code of its own, with the reason", async () => {
    door = await startFrontDoor({
      [`POST ${REBUILDS}`]: [[202, { rebuildId: ID }]],
      [`GET ${REBUILDS}/${ID}`]: [[200, { ...completed, status: "failed", reason: "full" }]],
    });
    expect(await rebuild.run({ words: [], options: { watch: true } }, door.session())).toBe(1);
    expect(door.said).toContain("failed after 1 min 05 s: full");
  });

  it("prints one document with --json", async () => {
    door = await startFrontDoor({
      [`POST ${REBUILDS}`]: [[202, { rebuildId: ID }]],
      [`GET ${REBUILDS}/${ID}`]: [[200, completed]],
    });
    await rebuild.run({ words: [], options: { watch: true } }, door.session({ json: true }));
    expect(door.said.map((line) => JSON.parse(line))).toEqual([completed]);
  });

  it.each([
    [409, "The rebuild x is under way.", 1],
    [400, "Not valid: from.", 2],
    [403, "Only an administrator may do this.", 3],
  ])("that is refused with %i is told in the server's words", async (status, detail, exitCode) => {
    door = await startFrontDoor({ [`POST ${REBUILDS}`]: [[status, { detail }]] });
    await expect(rebuild.run(run, door.session())).rejects.toMatchObject({
      message: detail,
      exitCode,
    });
  });
});

describe("watching", () => {
  const answers = () => ({
    "GET /job": [
      [200, { ...running, phase: "creating", progress: 0, indexed: 0, ratePerSecond: undefined }],
      [200, running],
      [200, { ...running, progress: 0.6 }],
      [200, completed],
    ] satisfies [number, unknown][],
  });

  it("is a line that moves on a terminal", async () => {
    door = await startFrontDoor(answers());
    expect(await watch(door.session({ live: true }), "/job", "", 0)).toEqual(completed);
    expect(door.said).toEqual([]);
    expect(door.shown[1]).toBe(
      `${"█".repeat(12)}${"░".repeat(12)}  50 %  filling · 5,000 of 10,000 · 2,500/s · 2 s left`,
    );
    expect(door.shown).toHaveLength(4);
  });

  it("is a line for every phase elsewhere", async () => {
    door = await startFrontDoor(answers());
    await watch(door.session(), "/job", "", 0);
    expect(door.said.map((line) => /(?<= % {2})[\w-]+/.exec(line)?.[0])).toEqual([
      "creating",
      "filling",
    ]);
    expect(door.shown.filter((line) => line !== "")).toEqual([]);
  });
});

describe("rebuilds, rollback, cancel", () => {
  it("lists rebuilds as a table", async () => {
    door = await startFrontDoor({
      [`GET ${REBUILDS}?limit=20`]: [[200, { items: [{ ...completed, rolledBack: true }] }]],
    });
    expect(await rebuilds.run(run, door.session())).toBe(0);
    expect(door.said[1]).toBe(
      `${ID}  completed, rolled back  catalog     10,000  2026-11-22T12:00:00Z  1 min 05 s`,
    );
  });

  it("goes back and forth", async () => {
    const path = `POST ${REBUILDS}/${ID}/rollback`;
    door = await startFrontDoor({ [path]: [[200, { ...completed, searched: "images-v3-old" }]] });
    await rollback.run({ words: [ID], options: {} }, door.session());
    await rollback.run({ words: [ID], options: { to: "rebuilt" } }, door.session());
    expect(door.asked().map(({ body }) => body)).toEqual([{}, { to: "rebuilt" }]);
    expect(door.said[0]).toBe("images-v3-old is searched now.");
  });

  it("cancels", async () => {
    door = await startFrontDoor({ [`DELETE ${REBUILDS}/${ID}`]: [[204]] });
    expect(await cancel.run({ words: [ID], options: {} }, door.session())).toBe(0);
  });
});

describe("compare", () => {
  const comparison = {
    comparisonId: ID,
    status: "completed",
    progress: 1,
    index: "images-v3-first",
    owners: 2,
    images: 1_204,
    disagreementCount: 0,
    disagreements: [],
    startedAt: "2026-11-22T12:00:00.000Z",
    endedAt: "2026-11-22T12:00:03.000Z",
  };
  const given = (body: object) =>
    startFrontDoor({
      "POST /v1/search/comparisons": [[202, { comparisonId: ID }]],
      [`GET /v1/search/comparisons/${ID}`]: [[200, { ...comparison, ...body }]],
    });

  it("says that they agree", async () => {
    door = await given({});
    expect(await compare.run(run, door.session())).toBe(0);
    expect(door.said).toEqual([
      "They agree: compared 1,204 pictures of 2 owners in images-v3-first with the catalog in 3 s.",
    ]);
  });

  it("lists on what they do not, as an exit code of its own", async () => {
    const one = { kind: "stale", ownerId: "ann", imageId: ID, catalogVersion: 3, indexVersion: 2 };
    door = await given({ disagreementCount: 7, disagreements: [one] });
    expect(await compare.run(run, door.session())).toBe(1);
    expect(door.said).toEqual([
      "They disagree on 7: compared 1,204 pictures of 2 owners in images-v3-first with the catalog in 3 s.",
      "",
      "what   picture                               owner  catalog  index",
      `stale  ${ID}  ann         v3     v2`,
      "… and 6 more",
      "",
      "npm run ops -- rebuild --watch builds an index that agrees.",
    ]);
  });

  it("that could not be made is an exit code of its own", async () => {
    door = await given({ status: "failed", reason: "the catalog does not answer" });
    expect(await compare.run(run, door.session())).toBe(1);
    expect(door.said).toEqual(["failed: the catalog does not answer"]);
  });
});

it("another system's front door gives no tokens, and the sentence says what to do", async () => {
  door = await startFrontDoor({ "POST /dev/token": [[404]] });
  await expect(cancel.run({ words: [ID], options: {} }, door.session())).rejects.toMatchObject({
    message: expect.stringMatching(/gives no tokens .*--token.*SHOEBOX_TOKEN/),
    exitCode: 3,
  });
});
