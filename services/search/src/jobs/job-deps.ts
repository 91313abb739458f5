import type { Queue } from "@shoebox/shared/aws/queue";
import type { Logger } from "@shoebox/shared/log";
import type { EventArchive } from "../adapters/event-archive.ts";
import type { IndexAdmin } from "../adapters/index-admin.ts";
import type { IndexWriter } from "../adapters/index-writer.ts";
import type { JobsTable } from "../adapters/jobs-table.ts";
import type { SnapshotsTable } from "../adapters/snapshots-table.ts";
import type { Limits } from "../domain/decide.ts";

export interface JobDeps {
  jobs: JobsTable;
  snapshots: SnapshotsTable;
  admin: IndexAdmin;
  writer: IndexWriter;
  archive: EventArchive;
  /** Steps that are due. */
  steps: Queue;
  /** Replayed events that wait for the projector. */
  replayed: Pick<Queue, "depth">;
  limits: Limits;
  now: () => number;
  log: Logger;
}
