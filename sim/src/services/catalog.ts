import { createImagesTable } from "@shoebox/catalog/adapters/images-table";
import { createSnapshotTable } from "@shoebox/catalog/adapters/snapshot-table";
import { routes } from "@shoebox/catalog/api/routes";
import { snapshotSubscriptions } from "@shoebox/catalog/consumers/snapshot";
import { subscriptions } from "@shoebox/catalog/consumers/subscriptions";
import { republishTombstones } from "@shoebox/catalog/jobs/republish-tombstones";
import { toEvents } from "@shoebox/catalog/publish";
import { openTombstones } from "@shoebox/catalog/reconcile/open-tombstones";
import { unprocessedImages } from "@shoebox/catalog/reconcile/unprocessed-images";
import { createIdempotencyTable } from "@shoebox/shared/aws/idempotency-table";
import { createQueue } from "@shoebox/shared/aws/queue";
import { createReconciliationTable } from "@shoebox/shared/aws/reconciliation-table";
import { createApi } from "@shoebox/shared/http/api";
import { createConsumer } from "@shoebox/shared/messaging/consumer";
import { createJob } from "@shoebox/shared/messaging/job";
import { createReconciler } from "@shoebox/shared/reconcile/reconciler";
import { apiFunction } from "./api-function.ts";
import {
  type ColdStarts,
  deadLetters,
  plainCdn,
  relay,
  type Surroundings,
  silent,
} from "./surroundings.ts";

/** The functions of the catalog, each as its file under `functions/` wires it. */
export function catalogFunctions(world: Surroundings): ColdStarts {
  const environment = world.environment("catalog");
  const table = environment.IMAGES_TABLE ?? "";
  const log = silent("catalog");
  const letters = deadLetters("catalog", world);
  const service = () => ({
    log,
    images: createImagesTable(world.documents, table),
    snapshots: createSnapshotTable(world.documents, table),
    segments: Number(environment.SNAPSHOT_SEGMENTS),
    now: world.now,
  });

  return {
    api: () => {
      const deps = {
        ...service(),
        cdn: plainCdn,
        reconciliations: createReconciliationTable(world.documents, table),
        reconcileQueue: createQueue(environment.RECONCILE_QUEUE ?? "", world.sqs),
      };
      const api = createApi({
        routes,
        deps,
        log,
        corsOrigins: [],
        idempotency: createIdempotencyTable(world.documents, table),
        now: world.now,
      });
      return apiFunction(api, () => crypto.randomUUID());
    },
    relay: relay("catalog", toEvents, world),
    ingest: () =>
      createConsumer({ subscriptions: subscriptions(service()), log, deadLetters: letters }),
    snapshot: () =>
      createConsumer({
        subscriptions: snapshotSubscriptions(service()),
        log,
        deadLetters: letters,
      }),
    "reconcile-images": () => {
      const deps = service();
      return createReconciler({
        checks: [openTombstones(deps), unprocessedImages(deps)],
        store: createReconciliationTable(world.documents, table),
        log,
        now: world.now,
        deadLetters: letters,
      });
    },
    "republish-tombstones": () => {
      const deps = service();
      return createJob({ run: () => republishTombstones(deps), log, deadLetters: letters });
    },
  };
}
