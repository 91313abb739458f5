import { CatalogSnapshotPaused } from "@shoebox/shared/events/catalog";
import { CatalogSnapshotRequested } from "@shoebox/shared/events/search";
import { on, type Subscription } from "@shoebox/shared/messaging/consumer";
import { beginSnapshot, continueSnapshot, type SnapshotDeps } from "../snapshot.ts";

/** A snapshot is asked for by the search service, and goes on from the catalog's own notes. */
export function snapshotSubscriptions(deps: SnapshotDeps): Subscription[] {
  return [
    on(CatalogSnapshotRequested, ({ data }, { correlationId }) =>
      beginSnapshot(deps, data, correlationId),
    ),
    on(CatalogSnapshotPaused, ({ data }) => continueSnapshot(deps, data)),
  ];
}
