import type { Logger } from "@shoebox/shared/log";
import { SHARDS } from "../adapters/session-item.ts";
import type { Deps } from "../deps.ts";
import { keyOf, type SessionRef, statusOf } from "../domain/session.ts";
import { takeIn } from "../take-in.ts";

/** Sessions that are looked at at the same time. */
const CONCURRENCY = 20;

interface Report {
  expired: number;
  /** An object had arrived in time, and its event had not. */
  takenIn: number;
  failed: number;
}

type ExpiryDeps = Pick<
  Deps,
  "sessions" | "originals" | "multipartUploads" | "malwareScan" | "now"
> & {
  log: Logger;
};

/**
 * Ends the sessions whose time is up and gives their quota back. An object that lies there is looked
 * at first, just as its event would have it looked at: what the store took in time counts, also when
 * its event waits in a queue or was lost. One session that can't be ended keeps no other from it.
 *
 * @throws Error when some could not be ended, so that the schedule's message is tried again
 */
export async function expireSessions(deps: ExpiryDeps): Promise<Report> {
  const report: Report = { expired: 0, takenIn: 0, failed: 0 };
  for (let shard = 0; shard < SHARDS; shard++) {
    for await (const page of deps.sessions.due(shard, deps.now())) {
      await inParallel(page, async (ref) => {
        try {
          await expire(ref, deps, report);
        } catch (error) {
          report.failed += 1;
          deps.log.error({ err: error, ...ref }, "a session could not be ended");
        }
      });
    }
  }
  deps.log.info(report, "sessions whose time is up were ended");
  if (report.failed > 0) throw new Error(`${report.failed} sessions could not be ended.`);
  return report;
}

async function expire(ref: SessionRef, deps: ExpiryDeps, report: Report): Promise<void> {
  const { sessions, originals, multipartUploads, now, log } = deps;
  const upload = await sessions.load(ref, now());
  // The index tells late: it may have ended meanwhile.
  if (upload?.status !== "awaiting" || statusOf(upload, now()) !== "expired") return;
  const key = keyOf(upload);
  for (const versionId of await originals.versions(key)) {
    await takeIn(ref, { key, versionId, last: true }, deps, log);
  }
  if (!(await sessions.close(upload, { status: "expired" }, now()))) {
    report.takenIn += 1;
    return;
  }
  report.expired += 1;
  // If this fails or is never reached, the lifecycle of the bucket ends what was sent.
  if (upload.multipart) await multipartUploads.abort(key, upload.multipart.uploadId);
  const { imageId, correlationId } = upload;
  log.info({ imageId, correlationId }, "an upload expired");
}

async function inParallel<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}
