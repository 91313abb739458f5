import type { MultipartUploads } from "./adapters/multipart-uploads.ts";
import type { Originals } from "./adapters/originals.ts";
import type { PartUrls } from "./adapters/part-urls.ts";
import type { PostForms } from "./adapters/post-forms.ts";
import type { SessionsTable } from "./adapters/sessions-table.ts";
import type { UppyEndpoints } from "./adapters/uppy-endpoints.ts";
import type { Usage } from "./domain/quota.ts";

/** What routes, consumers and jobs work with. */
export interface Deps {
  sessions: SessionsTable;
  originals: Originals;
  postForms: PostForms;
  multipartUploads: MultipartUploads;
  partUrls: PartUrls;
  uppyEndpoints: UppyEndpoints;
  /** What one user's uploads may take. */
  quota: Usage;
  /** Whether an original has to be found clean by the scanner that watches the bucket. */
  malwareScan: "required" | "none";
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Waits so many milliseconds; ends early, by an AbortError, when the signal is given. */
  pause: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}
