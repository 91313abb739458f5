import type { CdnSigner } from "@shoebox/shared/cdn/signer";
import type { ImagesIndex } from "../adapters/images-index.ts";

/** What the routes of the search service need. */
export interface SearchDeps {
  index: ImagesIndex;
  cdn: CdnSigner;
  /** Milliseconds. */
  now: () => number;
}
