import {
  CatalogSnapshotPage,
  CatalogSnapshotPaused,
  ImageCataloged,
  ImageDeleted,
  ImageUpdated,
} from "./catalog.ts";
import {
  ImageProcessed,
  ImageRejected,
  ProcessingRequested,
  RenditionsDeleted,
} from "./processing.ts";
import { CatalogSnapshotRequested } from "./search.ts";
import { ImageUploaded, OriginalDeleted, UploadRejected } from "./upload.ts";

/** Every event of the system: what the schema registry, the documentation and the samples' tests go over. */
export const allEvents = [
  ImageUploaded,
  UploadRejected,
  OriginalDeleted,
  ImageProcessed,
  ImageRejected,
  ProcessingRequested,
  RenditionsDeleted,
  ImageCataloged,
  ImageUpdated,
  ImageDeleted,
  CatalogSnapshotPage,
  CatalogSnapshotPaused,
  CatalogSnapshotRequested,
] as const;
