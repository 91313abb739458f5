import type { DomainEvent } from "@shoebox/shared/events/define";
import { CatalogSnapshotRequested } from "@shoebox/shared/events/search";
import { deterministicId } from "@shoebox/shared/ids";
import type { Change } from "@shoebox/shared/messaging/relay";
import { REQUEST, type SnapshotRequest } from "./adapters/snapshots-table.ts";

/** The facts that a change of the table means: only that a snapshot of the catalog is wanted. */
export function toEvents(change: Change): DomainEvent[] {
  if (change.kind !== "INSERT" || change.after?.SK !== REQUEST) return [];
  const request = change.after as unknown as SnapshotRequest;
  const requestedAt = new Date(request.requestedAt).toISOString();
  const metadata = {
    eventId: deterministicId(CatalogSnapshotRequested.type, request.snapshotId),
    occurredAt: requestedAt,
    correlationId: request.correlationId,
  };
  const { snapshotId, mode, owners } = request;
  return [CatalogSnapshotRequested.make(metadata, { snapshotId, mode, owners, requestedAt })];
}
