import { createConsumer } from "@shoebox/shared/messaging/consumer";
import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { createOriginals } from "../adapters/originals.ts";
import { createRenditionStore } from "../adapters/renditions.ts";
import { createS3Client } from "../adapters/s3-client.ts";
import { config } from "../config.ts";
import { onImageUploaded } from "../consumers/image-uploaded.ts";
import { processUpload } from "../pipeline/pipeline.ts";
import { removeAbandonedScratch } from "../pipeline/scratch.ts";
import { service } from "../service.ts";
import { createWorkshop } from "../workshop.ts";

const { jobs, log, now } = service;
await removeAbandonedScratch(now());

const s3 = createS3Client();
const renditions = createRenditionStore(s3, config.PROCESSED_BUCKET);
const workshop = createWorkshop(config, { originals: createOriginals(s3), renditions });

/** Two pictures at a time: one is read or written while the other is decoded, and memory stays bounded. */
export const handler = createConsumer({
  subscriptions: [
    onImageUploaded({
      jobs,
      renditions,
      originalsBucket: config.ORIGINALS_BUCKET,
      process: (upload) => processUpload(upload, workshop),
      now,
    }),
  ],
  log,
  deadLetters: createDeadLetters(config.SERVICE),
  concurrency: 2,
});
