import type { Logger } from "@shoebox/shared/log";
import { SHARDS } from "../adapters/session-item.ts";
import type { Deps } from "../deps.ts";
import { OVERDUE } from "../domain/reminder.ts";

/**
 * Publishes uploads again whose processing was not heard to have ended, whatever the cause: a stream
 * that was down for longer than it keeps its records, a message that was thrown away, a worker that
 * dies of a picture. It asks for ever, daily in the end, and says at `error` what is open for more
 * than a day; processing gives up by itself on what it can't do.
 */
export async function republishUploads({
  sessions,
  now,
  log,
}: Pick<Deps, "sessions" | "now"> & { log: Logger }): Promise<{
  republished: number;
  overdue: number;
}> {
  const report = { republished: 0, overdue: 0 };
  for (let shard = 0; shard < SHARDS; shard++) {
    for await (const page of sessions.unprocessed(shard, now())) {
      for (const ref of page) {
        const upload = await sessions.load(ref, now());
        // The index tells late: it may have been processed or deleted meanwhile.
        if (upload?.status !== "uploaded" || upload.dueAt === undefined) continue;
        if (!(await sessions.remind(upload, now()))) continue;
        const { imageId, correlationId, verifiedAt } = upload;
        const overdue = now() - verifiedAt > OVERDUE;
        report.republished += 1;
        if (overdue) report.overdue += 1;
        log[overdue ? "error" : "warn"](
          { imageId, correlationId, reminders: (upload.reminders ?? 0) + 1 },
          "an upload that is not processed was published again",
        );
      }
    }
  }
  log.info(report, "uploads that are not processed were published again");
  return report;
}
