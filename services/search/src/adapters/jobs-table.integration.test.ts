import { newImageId } from "@shoebox/shared/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newComparison, newRebuild, type Rebuild } from "../domain/job.ts";
import { startRebuildsTable } from "../rebuild.testkit.ts";
import type { JobsTable } from "./jobs-table.ts";

let table: Awaited<ReturnType<typeof startRebuildsTable>>;
let jobs: JobsTable;
beforeAll(async () => {
  table = await startRebuildsTable();
  jobs = table.jobs;
});
afterAll(() => table.close());

const about = { index: "images-v3-x", correlationId: "c" };
const fresh = (): Rebuild =>
  newRebuild({ id: newImageId(Date.now()), source: "catalog", ...about }, 0);
/** Begins one and reads it back; the one before has ended. */
async function begun(): Promise<Rebuild> {
  for (const job of await jobs.active()) await jobs.write({ ...job, phase: "done" });
  const job = fresh();
  expect(await jobs.begin(job)).toEqual({ kind: "begun" });
  return job;
}

describe("the table of jobs", () => {
  it("begins one rebuild at a time, whoever asks at the same time, and names it", async () => {
    await begun().then((job) => jobs.write({ ...job, phase: "done" }));
    const several = Array.from({ length: 5 }, fresh);
    const answers = await Promise.all(several.map((job) => jobs.begin(job)));
    const winner = several[answers.findIndex(({ kind }) => kind === "begun")];
    expect(answers.filter(({ kind }) => kind === "begun")).toHaveLength(1);
    for (const answer of answers) {
      if (answer.kind === "busy") expect(answer.activeId).toBe(winner?.id);
    }
  });

  it("lets a comparison run beside a rebuild", async () => {
    await begun();
    const comparison = newComparison({ id: newImageId(Date.now()), ...about }, 0);
    expect(await jobs.begin(comparison)).toEqual({ kind: "begun" });
    expect((await jobs.active()).map(({ kind }) => kind).toSorted()).toEqual([
      "comparison",
      "rebuild",
    ]);
  });

  it("lets one of two go on that took the same step", async () => {
    const job = await begun();
    const written = await Promise.all([
      jobs.write({ ...job, phase: "filling" }),
      jobs.write({ ...job, phase: "clearing", status: "cancelled" }),
    ]);
    expect(written.toSorted()).toEqual([false, true]);
    const now = await jobs.get("rebuild", job.id);
    expect(now).toMatchObject({ fence: 2, phase: written[0] ? "filling" : "clearing" });
    expect(await jobs.write({ ...job, phase: "done" })).toBe(false);
    expect((await jobs.active()).map(({ id }) => id)).toContain(job.id);
  });

  it("makes way for the next with the very write that ends a job, and lets the ended be noted on", async () => {
    const job = await begun();
    expect(await jobs.write({ ...job, phase: "done", status: "completed" })).toBe(true);
    const second = await begun();
    const ended = await jobs.get("rebuild", job.id);
    if (!ended) throw new Error("It is gone.");
    expect(await jobs.write({ ...ended, rolledBack: true })).toBe(true);
    expect((await jobs.active()).map(({ id }) => id)).toContain(second.id);
  });

  it("notes trouble only on the step that has it, and forgets it with the next", async () => {
    const job = await begun();
    await jobs.trouble({ ...job, fence: 7 }, "somebody else's");
    expect(await jobs.get("rebuild", job.id)).not.toHaveProperty("trouble");
    await jobs.trouble(job, "mine");
    expect(await jobs.get("rebuild", job.id)).toMatchObject({ trouble: "mine", fence: 1 });
    await jobs.write({ ...job, phase: "filling" });
    expect(await jobs.get("rebuild", job.id)).not.toHaveProperty("trouble");
  });
});
