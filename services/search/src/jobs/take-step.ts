import type { Queue } from "@shoebox/shared/aws/queue";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { z } from "zod";
import { decide, givenUp } from "../domain/decide.ts";
import type { Job } from "../domain/job.ts";
import type { JobDeps } from "./job-deps.ts";
import { observe } from "./observe.ts";
import { perform } from "./perform.ts";

/** A step that is due. One whose fence was passed is another's, or done. */
const Step = z.object({
  kind: z.enum(["rebuild", "comparison"]),
  id: z.string(),
  fence: z.number(),
});

/** Milliseconds that a step may be late before the clock takes its job up again. */
const LATE = 10_000;

/** Asks for the next step of a job. It may get lost: the clock asks as well. */
export async function askForStep(
  job: Job,
  { steps, now }: { steps: Pick<Queue, "send">; now: () => number },
) {
  const { kind, id, fence } = job;
  await steps.send({ kind, id, fence }, (job.wakeAt - now()) / 1_000);
}

/**
 * The engine of rebuilds and comparisons: one step per message. Each step sends the message for the
 * next; what comes by the clock takes up jobs whose chain was broken, by a crash or by an error.
 */
export function takeSteps(deps: JobDeps): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async (event) => {
    for (const { body } of event.Records) {
      const step = Step.safeParse(JSON.parse(body));
      const due = step.success ? await jobOf(step.data, deps) : await lateJobs(deps);
      for (const job of due) await takeStep(job, deps);
    }
    return { batchItemFailures: [] };
  };
}

async function jobOf({ kind, id, fence }: z.infer<typeof Step>, { jobs }: JobDeps): Promise<Job[]> {
  const job = await jobs.get(kind, id);
  return job?.fence === fence && job.phase !== "done" ? [job] : [];
}

async function lateJobs({ jobs, now }: JobDeps): Promise<Job[]> {
  return (await jobs.active()).filter((job) => job.wakeAt + LATE < now());
}

/** An error is not the end: it is noted where people look, and the clock tries again. */
async function takeStep(job: Job, deps: JobDeps): Promise<void> {
  const { kind, id, phase, correlationId } = job;
  const log = deps.log.child({ job: kind, id, phase, correlationId });
  try {
    const { commands, next } =
      givenUp(job, deps.now()) ?? decide(job, await observe(job, deps), deps.now(), deps.limits);
    for (const command of commands) await perform(command, job, deps);
    if (!(await deps.jobs.write(next))) return;
    if (next.phase !== job.phase) {
      log.info({ next: next.phase, status: next.status, reason: next.reason }, "a job goes on");
    }
    if (next.phase !== "done") await askForStep({ ...next, fence: next.fence + 1 }, deps);
  } catch (error) {
    log.error({ err: error }, "a step could not be taken; it is tried again");
    await deps.jobs.trouble(job, error instanceof Error ? error.message : String(error));
  }
}
