import { createCdn } from "@shoebox/processing/adapters/cdn";
import { createJobsTable } from "@shoebox/processing/adapters/jobs-table";
import { createOriginals } from "@shoebox/processing/adapters/originals";
import {
  createRenditionInventory,
  createRenditionStore,
} from "@shoebox/processing/adapters/renditions";
import { routes } from "@shoebox/processing/api/routes";
import { onImageDeleted } from "@shoebox/processing/consumers/image-deleted";
import { onImageUploaded } from "@shoebox/processing/consumers/image-uploaded";
import { presets } from "@shoebox/processing/domain/presets";
import { forgetCopies } from "@shoebox/processing/jobs/forget-copies";
import { eicarScanner } from "@shoebox/processing/pipeline/eicar-scanner";
import { toEvents } from "@shoebox/processing/publish";
import { jobsInOrder } from "@shoebox/processing/reconcile/jobs-in-order";
import { orphanRenditions } from "@shoebox/processing/reconcile/orphan-renditions";
import { createIdempotencyTable } from "@shoebox/shared/aws/idempotency-table";
import { createQueue } from "@shoebox/shared/aws/queue";
import { createReconciliationTable } from "@shoebox/shared/aws/reconciliation-table";
import { createApi } from "@shoebox/shared/http/api";
import { createConsumer } from "@shoebox/shared/messaging/consumer";
import { createJob } from "@shoebox/shared/messaging/job";
import { createReconciler } from "@shoebox/shared/reconcile/reconciler";
import { apiFunction } from "./api-function.ts";
import { LIMITS, rememberedPipeline } from "./remembered-pipeline.ts";
import { type ColdStarts, deadLetters, relay, type Surroundings, silent } from "./surroundings.ts";

/** The functions of the processing service, each as its file under `functions/` wires it. */
export function processingFunctions(world: Surroundings): ColdStarts {
  const environment = world.environment("processing");
  const bucket = environment.PROCESSED_BUCKET ?? "";
  const log = silent("processing");
  const letters = deadLetters("processing", world);
  const jobs = () => createJobsTable(world.documents, environment.JOBS_TABLE ?? "");

  return {
    api: () => {
      const table = environment.JOBS_TABLE ?? "";
      const api = createApi({
        routes,
        deps: {
          jobs: jobs(),
          now: world.now,
          reconciliations: createReconciliationTable(world.documents, table),
          reconcileQueue: createQueue(environment.RECONCILE_QUEUE ?? "", world.sqs),
        },
        log,
        corsOrigins: [],
        idempotency: createIdempotencyTable(world.documents, table),
        now: world.now,
      });
      return apiFunction(api, () => crypto.randomUUID());
    },
    relay: relay("processing", toEvents, world),
    worker: () => {
      const renditions = createRenditionStore(world.s3, bucket);
      const workshop = {
        originals: createOriginals(world.s3),
        renditions,
        scanner: eicarScanner,
        preset: presets.default,
        limits: LIMITS,
      };
      return createConsumer({
        subscriptions: [
          onImageUploaded({
            jobs: jobs(),
            renditions,
            originalsBucket: environment.ORIGINALS_BUCKET ?? "",
            process: (upload) => rememberedPipeline(upload, workshop),
            now: world.now,
          }),
        ],
        log,
        deadLetters: letters,
        concurrency: 2,
      });
    },
    "image-deleted": () =>
      createConsumer({
        subscriptions: [
          onImageDeleted({
            jobs: jobs(),
            renditions: createRenditionStore(world.s3, bucket),
            forgets: environment.CDN_FORGETS === "public" ? "public" : "shown",
            now: world.now,
          }),
        ],
        log,
        deadLetters: letters,
      }),
    "reconcile-renditions": () => {
      const renditions = createRenditionInventory(world.s3, bucket);
      const deps = { jobs: jobs(), renditions, now: world.now };
      return createReconciler({
        checks: [orphanRenditions(deps), jobsInOrder(deps)],
        store: createReconciliationTable(world.documents, environment.JOBS_TABLE ?? ""),
        log,
        now: world.now,
        deadLetters: letters,
      });
    },
    "forget-copies": () => {
      const cdn = createCdn(environment.CDN_DISTRIBUTION_ID ?? "", world.cloudfront);
      const deps = { jobs: jobs(), cdn, now: world.now, log };
      return createJob({ run: () => forgetCopies(deps), log, deadLetters: letters });
    },
  };
}
