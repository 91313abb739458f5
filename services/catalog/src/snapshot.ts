import type { CatalogSnapshotRequested } from "@shoebox/shared/events/search";
import type { Logger } from "@shoebox/shared/log";
import type { z } from "zod";
import { type Bookmark, behind, READ_ITEMS } from "./adapters/read-images.ts";
import { PAGES_KEPT, type Segment, type SnapshotPage } from "./adapters/snapshot-page.ts";
import type { SnapshotTable } from "./adapters/snapshot-table.ts";
import { PAGE_BYTES, PageDraft } from "./domain/page-draft.ts";
import { isoTime } from "./domain/write.ts";

export interface SnapshotDeps {
  snapshots: SnapshotTable;
  now: () => number;
  log: Logger;
  /** Into how many segments a new snapshot of everybody is divided. */
  segments: number;
  /** For tests, in which little must be much. */
  sizes?: Sizes;
}

/** How much is done at once. */
export interface Sizes {
  pageBytes: number;
  /** Items in one read. */
  readItems: number;
  /** Reads in one call of the function; the next call goes on. */
  reads: number;
}

const SIZES: Sizes = { pageBytes: PAGE_BYTES, readItems: READ_ITEMS, reads: 10 };
/** Milliseconds after which a call leaves the rest to the next one, whatever it has read. */
const PATIENCE = 5_000;

/**
 * Begins a snapshot: tells the first pages of each of its segments. Everything behind them is told by
 * `continueSnapshot`, a piece in each call, until each segment has its last page.
 */
export async function beginSnapshot(
  deps: SnapshotDeps,
  request: z.infer<typeof CatalogSnapshotRequested.data>,
  correlationId: string,
): Promise<void> {
  const { snapshotId, mode } = request;
  if (Date.parse(request.requestedAt) < deps.now() - PAGES_KEPT) {
    deps.log.warn({ snapshotId }, "a snapshot was asked for so long ago that nobody waits for it");
    return;
  }
  const owners = request.owners && [...new Set(request.owners)];
  // How it was divided when it was first begun holds, also if the configuration changed meanwhile.
  const begun = await deps.snapshots.findPage({ snapshotId, segment: 0 }, 0);
  const segments = begun?.segments ?? Math.min(deps.segments, owners?.length ?? deps.segments);
  const told = await Promise.allSettled(
    Array.from({ length: segments }, (_, segment) =>
      tell(deps, { snapshotId, mode, segment, segments, correlationId }, 0, {
        owners: owners?.filter((_owner, index) => index % segments === segment),
      }),
    ),
  );
  // Only when all have ended: nothing goes on behind a call that has failed.
  for (const one of told) if (one.status === "rejected") throw one.reason;
}

/** Tells the pages of a segment behind one that says that there are more. */
export async function continueSnapshot(
  deps: SnapshotDeps,
  { snapshotId, segment, page }: { snapshotId: string; segment: number; page: number },
): Promise<void> {
  const paused = await deps.snapshots.findPage({ snapshotId, segment }, page);
  if (!paused?.next) {
    deps.log.warn({ snapshotId, segment, page }, "a page to go on from has expired");
    return;
  }
  await tell(deps, segmentOf(paused), page + 1, paused.next);
}

/**
 * Tells pages of a segment from `page` on, until the segment ends or the next call's share begins.
 * Pages that are there already are followed, not written again: a delivery that comes twice ends
 * where the other one paused, and one after a crash goes on where it broke off. Two at a time meet
 * at the first page that one of them writes, from which on both follow the same pages.
 */
async function tell(
  deps: SnapshotDeps,
  segment: Segment,
  page: number,
  from: Bookmark,
): Promise<void> {
  const { snapshots, now } = deps;
  let bookmark = from;
  for (;;) {
    const there = await snapshots.findPage(segment, page);
    if (there) {
      if (!there.next || there.paused) return;
      bookmark = there.next;
      page += 1;
      continue;
    }
    for await (const content of pagesFrom(deps, segment, bookmark)) {
      if (!(await snapshots.addPage({ ...segment, page, ...content }, now()))) break;
      if (!content.next || content.paused) return;
      page += 1;
    }
  }
}

type Content = Omit<SnapshotPage, keyof Segment | "page">;

/** Reads on from a bookmark and cuts what it reads into pages; the last of them ends the segment or pauses. */
async function* pagesFrom(
  { snapshots, now, sizes = SIZES }: SnapshotDeps,
  segment: Segment,
  from: Bookmark,
): AsyncGenerator<Content> {
  const giveUpAt = now() + PATIENCE;
  const { current, ...begin } = from;
  let place: Bookmark = begin;
  let takenAt = isoTime(now());
  let draft = new PageDraft(segment.mode, current, sizes.pageBytes);
  for (let reads = 1; ; reads++) {
    const readAt = isoTime(now());
    const { records, after } = await snapshots.read(segment, place, sizes.readItems);
    for (const record of records) {
      if (!draft.add(record)) {
        yield content(draft, takenAt, { ...place, current: draft.current }, false);
        takenAt = readAt;
        draft = new PageDraft(segment.mode, draft.current, sizes.pageBytes);
        draft.add(record);
      }
      place = behind(place, record);
    }
    const rest = after ? { ...place, after } : withoutFirst(place, draft);
    if (!rest) {
      draft.endOwner();
      yield content(draft, takenAt, undefined, false);
      return;
    }
    place = rest;
    if (reads >= sizes.reads || now() >= giveUpAt) {
      yield content(draft, takenAt, { ...place, current: draft.current }, true);
      return;
    }
  }
}

/** The bookmark when a read found the end: of one of several owners, or of everything (undefined). */
function withoutFirst({ owners }: Bookmark, draft: PageDraft): Bookmark | undefined {
  if (!owners) return undefined;
  const [ended, ...others] = owners;
  draft.endOwner(ended);
  return others.length > 0 ? { owners: others } : undefined;
}

function content(
  { owners, images, tombstones }: PageDraft,
  takenAt: string,
  next: Bookmark | undefined,
  paused: boolean,
): Content {
  return { takenAt, owners, images, tombstones, next, paused };
}

function segmentOf({ snapshotId, mode, segment, segments, correlationId }: SnapshotPage): Segment {
  return { snapshotId, mode, segment, segments, correlationId };
}
