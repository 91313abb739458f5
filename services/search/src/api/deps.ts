import type { CdnSigner } from "@shoebox/shared/cdn/signer";
import type { ImagesSearch } from "../adapters/images-search.ts";
import type { IndexStatusReader } from "../adapters/index-status.ts";

/** What the routes of the search service need. */
export interface SearchDeps {
  search: ImagesSearch;
  indexStatus: IndexStatusReader;
  cdn: CdnSigner;
  /** Milliseconds. */
  now: () => number;
  /** Waits for milliseconds, or until the signal is aborted; then it rejects. */
  pause: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}
