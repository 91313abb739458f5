import { CatalogSnapshotPage } from "@shoebox/shared/events/catalog";
import { Envelope } from "@shoebox/shared/events/define";
import type { Logger } from "@shoebox/shared/log";
import type { DeadLetters } from "@shoebox/shared/messaging/dead-letter";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { IndexAdmin } from "../adapters/index-admin.ts";
import type { IndexWriter } from "../adapters/index-writer.ts";
import type { JobsTable } from "../adapters/jobs-table.ts";
import type { PageOutcome, SnapshotRequest, SnapshotsTable } from "../adapters/snapshots-table.ts";
import { behind, differingOwners, stillBehind } from "../domain/disagreement.ts";
import { imageDocument, tombstone } from "../domain/document.ts";
import { writeAliasOf } from "../domain/index-name.ts";
import type { Phase } from "../domain/job.ts";
import { settle, type Verdict, type Verdicts } from "./verdicts.ts";

export interface PagesDeps {
  admin: IndexAdmin;
  writer: IndexWriter;
  jobs: JobsTable;
  snapshots: SnapshotsTable;
  deadLetters: DeadLetters;
  now: () => number;
  log: Logger;
}

type Page = ReturnType<typeof CatalogSnapshotPage.parse>["data"];

const OVER: ReadonlySet<Phase> = new Set(["clearing", "done"]);

/**
 * Takes the pages of the catalog's snapshots: puts their pictures into the index that is filled, or
 * compares. What came of a page is counted once, when it is done with; a page may come twice and in
 * any order. Pages of a job that is over, or that nobody here asked for, mean nothing.
 */
export function takeSnapshotPages(deps: PagesDeps): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async (event) => {
    const verdicts: Verdicts = new Map();
    await Promise.all(
      event.Records.map(async (record) => {
        const page = read(record);
        verdicts.set(record, "kind" in page ? page : await take(page.data, deps));
      }),
    );
    return settle(verdicts, deps);
  };
}

function read(record: SQSRecord): { data: Page } | Verdict {
  try {
    return CatalogSnapshotPage.parse(Envelope.parse(JSON.parse(record.body)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: "never", reason: `it can't be read: ${reason}` };
  }
}

async function take(page: Page, deps: PagesDeps): Promise<Verdict> {
  try {
    const request = await deps.snapshots.requested(page.snapshotId);
    if (!request) return { kind: "done" };
    const job = await deps.jobs.get(request.job.kind, request.job.id);
    // Not whether the job waits for just this snapshot: a page may be faster than the job's own note.
    if (!job || OVER.has(job.phase)) return { kind: "done" };
    const outcome = await outcomeOf(page, request, deps);
    if ("kind" in outcome) return outcome;
    await deps.snapshots.record(page, outcome, deps.now());
    return { kind: "done" };
  } catch (error) {
    deps.log.error({ err: error, snapshotId: page.snapshotId }, "a page could not be taken");
    return { kind: "again", reason: error instanceof Error ? error.message : String(error) };
  }
}

async function outcomeOf(
  page: Page,
  request: SnapshotRequest,
  deps: PagesDeps,
): Promise<PageOutcome | Verdict> {
  const nothing: PageOutcome = {
    images: 0,
    owners: page.owners,
    differing: [],
    listed: [],
    disagreements: [],
    refused: [],
  };
  if (page.mode === "summary") {
    const ownerIds = page.owners.map(({ ownerId }) => ownerId);
    const index = await deps.admin.summary(request.index, ownerIds);
    return { ...nothing, differing: differingOwners(page.owners, index) };
  }
  const outcome = { ...nothing, images: page.images.length };
  if (request.purpose === "prove") {
    outcome.listed = [...page.images, ...page.tombstones].map(({ imageId }) => imageId);
    const entries = await deps.admin.look(request.index, outcome.listed);
    outcome.disagreements = behind(page, (imageId) => entries.get(imageId));
  }
  if (request.job.kind === "comparison") return outcome;
  return fill(page, request, outcome, deps);
}

/** The newest version wins here as everywhere: live events may have been faster than the page. */
async function fill(
  page: Page & { mode: "state" },
  request: SnapshotRequest,
  outcome: PageOutcome,
  deps: PagesDeps,
): Promise<PageOutcome | Verdict> {
  const documents = [...page.images.map(imageDocument), ...page.tombstones.map(tombstone)];
  const results = await deps.writer.apply([writeAliasOf(request.index)], documents);
  // An index that is gone belongs to a rebuild that is over.
  if (results.some(({ kind }) => kind === "gone")) return { kind: "done" };
  for (const [position, result] of results.entries()) {
    if (result.kind === "busy") return { kind: "again", reason: result.reason };
    if (result.kind !== "refused") continue;
    outcome.refused.push(`${documents[position]?.imageId}: ${result.reason}`);
  }
  return outcome.refused.length > 0 ? outcome : repaired(outcome, request, deps);
}

/** What was behind is looked at once more: a conflict alone does not prove that the index has a picture. */
async function repaired(
  outcome: PageOutcome,
  request: SnapshotRequest,
  { admin }: PagesDeps,
): Promise<PageOutcome | Verdict> {
  const ids = outcome.disagreements.map(({ imageId }) => imageId);
  const entries = await admin.look(request.index, ids);
  const [open] = stillBehind(outcome.disagreements, (imageId) => entries.get(imageId));
  if (!open) return outcome;
  return { kind: "again", reason: `the index still has not ${open.imageId}: ${open.kind}` };
}
