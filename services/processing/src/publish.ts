import type { DomainEvent } from "@shoebox/shared/events/define";
import {
  ImageProcessed,
  ImageRejected,
  RenditionsDeleted,
} from "@shoebox/shared/events/processing";
import { deterministicId } from "@shoebox/shared/ids";
import type { Change } from "@shoebox/shared/messaging/relay";
import { isJob } from "./adapters/jobs-table.ts";
import { Job } from "./domain/job.ts";

/** The facts that a change of the jobs table means. The same change gives the same event ids, however often it is relayed. */
export function toEvents(change: Change): DomainEvent[] {
  if (change.after === undefined || !isJob(change.after)) return [];
  const job = Job.parse(change.after);
  const metadata = (type: string, version: number, occurredAt: string) => ({
    eventId: deterministicId(type, job.imageId, version),
    occurredAt,
    correlationId: job.correlationId,
    causationId: job.causationId,
  });
  const isNew = change.before?.status !== job.status;
  const isTold = isNew || ("told" in job && change.before?.told !== job.told);

  switch (job.status) {
    case "processing":
      return [];
    case "processed":
      if (!isTold) return [];
      return [ImageProcessed.make(metadata("ImageProcessed", job.attempts, job.finishedAt), job)];
    case "rejected":
      if (!isTold) return [];
      return [ImageRejected.make(metadata("ImageRejected", job.attempts, job.finishedAt), job)];
    case "deleted": {
      const { confirmations, confirmedAt } = job;
      if (confirmedAt === undefined || change.before?.confirmations === confirmations) return [];
      return [
        RenditionsDeleted.make(metadata("RenditionsDeleted", confirmations, confirmedAt), job),
      ];
    }
    default:
      return job satisfies never;
  }
}
