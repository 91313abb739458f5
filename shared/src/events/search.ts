import { z } from "zod";
import { defineEvent } from "./define.ts";

/**
 * The search service wants to know what the catalog has: to fill a new index, or to compare. It is
 * an event like any other (a fact of the asking service's table), so the two meet nowhere else; the
 * catalog answers with `CatalogSnapshotPage`s of the same `snapshotId`. Asked twice with one id, it
 * answers once.
 */
export const CatalogSnapshotRequested = defineEvent({
  type: "CatalogSnapshotRequested",
  producer: "search",
  version: 1,
  summary: "The search wants to know what the catalog has, to fill a new index or to compare.",
  data: z.object({
    snapshotId: z.uuid(),
    /** `summary`: a count and a checksum for each owner. `state`: the images themselves as well. */
    mode: z.enum(["summary", "state"]),
    /** Only these owners; all when it is missing. */
    owners: z.array(z.string().min(1)).min(1).max(100).optional(),
    requestedAt: z.iso.datetime(),
  }),
});
