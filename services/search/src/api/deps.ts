import type { Queue } from "@shoebox/shared/aws/queue";
import type { CdnSigner } from "@shoebox/shared/cdn/signer";
import type { ImagesSearch } from "../adapters/images-search.ts";
import type { IndexAdmin } from "../adapters/index-admin.ts";
import type { IndexStatusReader } from "../adapters/index-status.ts";
import type { JobsTable } from "../adapters/jobs-table.ts";
import type { SnapshotsTable } from "../adapters/snapshots-table.ts";

/** What the routes of the search service need. */
export interface SearchDeps {
  search: ImagesSearch;
  indexStatus: IndexStatusReader;
  admin: Pick<IndexAdmin, "readIndex" | "isKept" | "swap" | "refresh">;
  jobs: JobsTable;
  snapshots: Pick<SnapshotsTable, "disagreements">;
  steps: Pick<Queue, "send">;
  cdn: CdnSigner;
  /** Milliseconds. */
  now: () => number;
  /** Waits for milliseconds, or until the signal is aborted; then it rejects. */
  pause: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}
