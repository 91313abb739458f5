import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { type CatalogSnapshotPage, CatalogSnapshotPaused } from "@shoebox/shared/events/catalog";
import type { DomainEvent } from "@shoebox/shared/events/define";
import { CatalogSnapshotRequested } from "@shoebox/shared/events/search";
import { newImageId } from "@shoebox/shared/ids";
import { createConsumer } from "@shoebox/shared/messaging/consumer";
import type { z } from "zod";
import { toPageItem } from "./adapters/snapshot-page.ts";
import { createSnapshotTable, type SnapshotTable } from "./adapters/snapshot-table.ts";
import { type Catalog, sqsEvent } from "./catalog.testkit.ts";
import { snapshotSubscriptions } from "./consumers/snapshot.ts";
import { type ImageRecord, visible } from "./domain/image-record.ts";
import { processed } from "./domain/processed.ts";
import { deleted } from "./domain/tombstone.ts";
import { uploaded } from "./domain/uploaded.ts";
import { apply } from "./domain/write.ts";
import { NOON, processedData, uploadedData } from "./facts.testkit.ts";
import { toItem } from "./history.testkit.ts";
import { toEvents } from "./publish.ts";
import type { Sizes } from "./snapshot.ts";

/** Snapshots over the catalog of a test: the real consumer and table, and the relay's part by hand. */

export type Page = z.infer<typeof CatalogSnapshotPage.data>;
type Request = z.infer<typeof CatalogSnapshotRequested.data>;

const occasion = { now: NOON, correlationId: "c" };

/** Image `number` of an owner as the table has it: every fifth is deleted, when `some` are to be. */
export function imageRecord(ownerId: string, number: number, isDeleted = false): ImageRecord {
  const key = { ownerId, imageId: newImageId(NOON + number) };
  const upload = uploaded(uploadedData(key.imageId, { ownerId }), occasion);
  const first = apply(key, undefined, upload);
  const image = visible(first && apply(key, first, processed(processedData(key), occasion)));
  const last = image && isDeleted ? apply(key, image, deleted(image, occasion)) : image;
  if (!last) throw new Error("There is no such record.");
  return last;
}

/** Puts records into the table as they are, many at a time. */
export async function fill({ documents, table }: Catalog, records: ImageRecord[]): Promise<void> {
  for (let first = 0; first < records.length; first += 25) {
    const batch = records.slice(first, first + 25);
    await documents.send(
      new BatchWriteCommand({
        RequestItems: {
          [table]: batch.map((record) => ({ PutRequest: { Item: toItem(record) } })),
        },
      }),
    );
  }
}

export function request(changes: Partial<Request> = {}): DomainEvent {
  const data: Request = {
    snapshotId: crypto.randomUUID(),
    mode: "state",
    requestedAt: new Date(NOON).toISOString(),
    ...changes,
  };
  const metadata = {
    eventId: crypto.randomUUID(),
    occurredAt: data.requestedAt,
    correlationId: "correlation-1",
  };
  return CatalogSnapshotRequested.make(metadata, data);
}

/** The catalog's side of snapshots. `written` holds the pages in the order they were written. */
export function snapshotsOf(
  catalog: Catalog,
  options: { sizes?: Sizes; segments?: number; crash?: () => boolean } = {},
) {
  const table = createSnapshotTable(catalog.documents, catalog.table);
  const written: Page[] = [];
  /** Notes of the catalog to itself that it has not read yet. */
  const notes: DomainEvent[] = [];
  const snapshots: SnapshotTable = {
    ...table,
    async addPage(page, now) {
      if (options.crash?.()) throw new Error("crashed");
      const added = await table.addPage(page, now);
      if (!added) return false;
      const after = JSON.parse(JSON.stringify(toPageItem(page, now)));
      for (const event of toEvents({ kind: "INSERT", before: undefined, after, expired: false })) {
        if (event.detailType === CatalogSnapshotPaused.type) notes.push(event);
        else written.push(event.detail.data as Page);
      }
      return true;
    },
  };
  const consume = createConsumer({
    subscriptions: snapshotSubscriptions({
      snapshots,
      now: catalog.now,
      log: catalog.log,
      segments: options.segments ?? 4,
      sizes: options.sizes,
    }),
    log: catalog.log,
  });
  /** Whether all of the events were handled. */
  const deliver = async (...events: DomainEvent[]) =>
    (await consume(sqsEvent(events))).batchItemFailures.length === 0;

  return {
    written,
    notes,
    deliver,
    /** Lets the catalog tell a snapshot to its end; `between` happens between any two calls. */
    async take(asked: DomainEvent, between: () => Promise<void> = async () => undefined) {
      const before = written.length;
      if (!(await deliver(asked))) throw new Error("The request went back to its queue.");
      for (let note = notes.shift(); note; note = notes.shift()) {
        await between();
        if (!(await deliver(note))) throw new Error("A note went back to its queue.");
      }
      return written.slice(before);
    },
  };
}

/** Whether every segment has all of its pages, each once. */
export function isComplete(pages: Page[]): boolean {
  const segments = pages[0]?.segments ?? 0;
  return Array.from({ length: segments }, (_, segment) => {
    const own = pages.filter((page) => page.segment === segment).sort((a, b) => a.page - b.page);
    return (
      own.length > 0 &&
      own.every(({ page, last }, at) => page === at && last === (at === own.length - 1))
    );
  }).every(Boolean);
}

export const imagesOf = (pages: Page[]) =>
  pages.flatMap((page) => (page.mode === "state" ? page.images : []));

export const tombstonesOf = (pages: Page[]) =>
  pages.flatMap((page) => (page.mode === "state" ? page.tombstones : []));
