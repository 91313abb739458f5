import { createIdempotencyTable } from "@shoebox/shared/aws/idempotency-table";
import { createQueue } from "@shoebox/shared/aws/queue";
import { createReconciliationTable } from "@shoebox/shared/aws/reconciliation-table";
import { createApi } from "@shoebox/shared/http/api";
import { createConsumer, type Subscription } from "@shoebox/shared/messaging/consumer";
import { createJob } from "@shoebox/shared/messaging/job";
import { createReconciler } from "@shoebox/shared/reconcile/reconciler";
import { createMultipartUploads } from "@shoebox/upload/adapters/multipart-uploads";
import { createOriginals } from "@shoebox/upload/adapters/originals";
import { createPartUrls } from "@shoebox/upload/adapters/part-urls";
import { createPostForms } from "@shoebox/upload/adapters/post-forms";
import { createSessionsTable } from "@shoebox/upload/adapters/sessions-table";
import { createUppyEndpoints } from "@shoebox/upload/adapters/uppy-endpoints";
import { routes } from "@shoebox/upload/api/routes";
import { onImageDeleted } from "@shoebox/upload/consumers/image-deleted";
import { onObjectCreated } from "@shoebox/upload/consumers/object-created";
import { onObjectScanned } from "@shoebox/upload/consumers/object-scanned";
import { onProcessingEnded } from "@shoebox/upload/consumers/processing-ended";
import { expireSessions } from "@shoebox/upload/jobs/expire-sessions";
import { republishUploads } from "@shoebox/upload/jobs/republish-uploads";
import { toEvents } from "@shoebox/upload/publish";
import { checks } from "@shoebox/upload/reconcile/checks";
import { apiFunction } from "./api-function.ts";
import { type ColdStarts, deadLetters, relay, type Surroundings, silent } from "./surroundings.ts";

/** The functions of the upload service, each as its file under `functions/` wires it. */
export function uploadFunctions(world: Surroundings): ColdStarts {
  const environment = world.environment("upload");
  const table = environment.UPLOADS_TABLE ?? "";
  const bucket = environment.ORIGINALS_BUCKET ?? "";
  const log = silent("upload");

  async function service() {
    return {
      log,
      sessions: createSessionsTable(world.documents, table),
      originals: createOriginals(world.s3, bucket),
      postForms: await createPostForms(world.s3, bucket),
      multipartUploads: createMultipartUploads(world.s3, bucket),
      partUrls: await createPartUrls(world.s3, bucket),
      uppyEndpoints: createUppyEndpoints(world.documents, table),
      // GuardDuty has no counterpart in this world; what it decides is shown by the service's own tests.
      malwareScan: "none" as const,
      quota: { bytes: Number(environment.QUOTA_BYTES), images: Number(environment.QUOTA_IMAGES) },
      now: world.now,
      pause: world.pause,
    };
  }

  const letters = deadLetters("upload", world);
  const consumer = (...subscriptions: Subscription[]) =>
    createConsumer({ subscriptions, log, deadLetters: letters });

  return {
    api: async () => {
      const api = createApi({
        routes,
        deps: {
          ...(await service()),
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
    relay: relay("upload", toEvents, world),
    "object-created": async () => consumer(onObjectCreated(await service())),
    "object-scanned": async () => consumer(onObjectScanned(await service())),
    "image-deleted": async () => consumer(onImageDeleted(await service())),
    "processing-ended": async () => consumer(...onProcessingEnded(await service())),
    "expire-sessions": async () => {
      const deps = await service();
      return createJob({ run: () => expireSessions(deps), log, deadLetters: letters });
    },
    "reconcile-uploads": async () =>
      createReconciler({
        checks: checks(await service()),
        store: createReconciliationTable(world.documents, table),
        log,
        now: world.now,
        deadLetters: letters,
      }),
    "republish-uploads": async () => {
      const deps = await service();
      return createJob({ run: () => republishUploads(deps), log, deadLetters: letters });
    },
  };
}
