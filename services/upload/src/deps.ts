import type { Originals } from "./adapters/originals.ts";
import type { PostForms } from "./adapters/post-forms.ts";
import type { SessionsTable } from "./adapters/sessions-table.ts";

/** What routes and consumers work with. */
export interface Deps {
  sessions: SessionsTable;
  originals: Originals;
  postForms: PostForms;
  /** Milliseconds since the epoch. */
  now: () => number;
}
