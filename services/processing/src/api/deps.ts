import type { JobsTable } from "../adapters/jobs-table.ts";

/** What the routes work with. */
export interface ApiDeps {
  jobs: Pick<JobsTable, "find" | "retry">;
  now: () => number;
}
