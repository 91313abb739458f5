import { ImageUploaded } from "@shoebox/shared/events/upload";
import { on, type Subscription } from "@shoebox/shared/messaging/consumer";
import { measure } from "@shoebox/shared/metrics";
import type { JobsTable } from "../adapters/jobs-table.ts";
import { givenUp } from "../domain/attempts.ts";
import type { Outcome } from "../domain/job.ts";
import { mustRemoveRenditions } from "../domain/leftovers.ts";
import type { Upload } from "../pipeline/pipeline.ts";
import type { RenditionStore } from "../pipeline/ports.ts";

export interface WorkerDeps {
  jobs: JobsTable;
  renditions: RenditionStore;
  originalsBucket: string;
  process(upload: Upload): Promise<Outcome>;
  now: () => number;
}

/**
 * Turns an upload into renditions, or into a rejection with its reason; both are a success of the
 * message. A reminder of an upload that has ended has its end told once more.
 */
export function onImageUploaded(deps: WorkerDeps): Subscription {
  return on(ImageUploaded, async ({ metadata, data }, { log: parent }) => {
    const { imageId, ownerId } = data;
    const key = { imageId, ownerId };
    const { correlationId } = metadata;
    const log = parent.child({ imageId });
    if (data.bucket !== deps.originalsBucket) {
      throw new Error(`The event names the bucket ${data.bucket}, which holds no originals.`);
    }
    const origin = { correlationId, causationId: metadata.eventId };
    const claim = await deps.jobs.claim(key, origin, deps.now());
    if (claim.kind === "finished") {
      // An attempt that died between its writes and its end may have left some behind a deletion.
      if (claim.as !== "processed") await deps.renditions.removeAll(imageId);
      if (data.reminder !== undefined) await deps.jobs.tellAgain(key);
      log.info({ status: claim.as }, "a duplicate of a finished job");
      return;
    }
    const outcome =
      givenUp(claim.attempts - claim.attemptsBefore) ??
      (await deps.process({ ...data, correlationId }));
    const finish = await deps.jobs.finish(key, outcome, deps.now());
    if (mustRemoveRenditions(outcome.kind, finish, claim.attempts)) {
      await deps.renditions.removeAll(imageId);
    }
    if (outcome.kind === "rejected" && finish.kind === "saved") {
      measure(log, { UploadsRejected: 1 }, { reason: outcome.reason.code });
    }
    log.info(
      {
        outcome: outcome.kind,
        reason: outcome.kind === "rejected" ? outcome.reason.code : undefined,
        finish,
        attempts: claim.attempts,
        steps: outcome.steps,
      },
      "an upload went through the pipeline",
    );
  });
}
