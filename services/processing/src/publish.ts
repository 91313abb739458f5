import type { DomainEvent } from "@shoebox/shared/events/define";
import {
  ImageProcessed,
  ImageRejected,
  ProcessingRequested,
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
  const metadata = (type: string, version: number | string, occurredAt: string) => ({
    eventId: deterministicId(type, job.imageId, version),
    occurredAt,
    correlationId: job.correlationId,
    causationId: job.causationId,
  });
  const isNew = change.before?.status !== job.status;
  const isTold = isNew || ("told" in job && change.before?.told !== job.told);

  switch (job.status) {
    case "processing": {
      const { retries: retry, activeAt } = job;
      if (retry === undefined || activeAt === undefined || change.before?.retries === retry) {
        return [];
      }
      const about = metadata("ProcessingRequested", retry, activeAt);
      const shown = change.before?.status === "processed";
      return [ProcessingRequested.make(about, { ...job, retry, shown })];
    }
    case "processed": {
      if (!isTold) return [];
      const about = metadata("ImageProcessed", endOf(job), job.finishedAt);
      return [ImageProcessed.make(about, { ...job, retry: job.retries })];
    }
    case "rejected": {
      if (!isTold) return [];
      const about = metadata("ImageRejected", endOf(job), job.finishedAt);
      return [ImageRejected.make(about, { ...job, retry: job.retries })];
    }
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

/** Which end of a job it is: each retry has one, and a late attempt of the one before may bring it. */
function endOf({ attempts, retries }: { attempts: number; retries?: number }): number | string {
  return retries === undefined ? attempts : `${attempts} of retry ${retries}`;
}
