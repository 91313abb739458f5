import { createConsumer } from "@shoebox/shared/messaging/consumer";
import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { createRenditionStore } from "../adapters/renditions.ts";
import { createS3Client } from "../adapters/s3-client.ts";
import { config } from "../config.ts";
import { onImageDeleted } from "../consumers/image-deleted.ts";
import { service } from "../service.ts";

const renditions = createRenditionStore(createS3Client(), config.PROCESSED_BUCKET);

export const handler = createConsumer({
  subscriptions: [onImageDeleted({ ...service, renditions, forgets: config.CDN_FORGETS })],
  log: service.log,
  deadLetters: createDeadLetters(config.SERVICE),
});
