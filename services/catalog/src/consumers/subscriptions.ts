import type { Subscription } from "@shoebox/shared/messaging/consumer";
import { onImageProcessed } from "./image-processed.ts";
import { onImageRejected } from "./image-rejected.ts";
import { onImageUploaded } from "./image-uploaded.ts";
import { onOriginalDeleted } from "./original-deleted.ts";
import { onProcessingRequested } from "./processing-requested.ts";
import type { IngestDeps } from "./record-fact.ts";
import { onRenditionsDeleted } from "./renditions-deleted.ts";

/** Every event the catalog hears, and what it does. */
export function subscriptions(deps: IngestDeps): Subscription[] {
  return [
    onImageUploaded(deps),
    onImageProcessed(deps),
    onImageRejected(deps),
    onProcessingRequested(deps),
    onOriginalDeleted(deps),
    onRenditionsDeleted(deps),
  ];
}
