import type { Logger } from "@shoebox/shared/log";
import type { Check } from "@shoebox/shared/reconcile/check";
import type { Deps } from "../deps.ts";
import { missingOriginals } from "./missing-originals.ts";
import { orphanOriginals } from "./orphan-originals.ts";
import { overdueSessions, unprocessedUploads } from "./overdue-sessions.ts";
import { quotaDrift } from "./quota-drift.ts";

/** Everything that the upload service asks about its own stores. */
export function checks(
  deps: Pick<Deps, "sessions" | "originals" | "malwareScan" | "now"> & { log: Logger },
): Check[] {
  return [
    orphanOriginals(deps),
    missingOriginals(deps),
    overdueSessions(deps),
    unprocessedUploads(deps),
    quotaDrift(deps),
  ];
}
