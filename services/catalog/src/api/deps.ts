import type { CdnSigner } from "@shoebox/shared/cdn/signer";
import type { ImagesTable } from "../adapters/images-table.ts";

/** What the routes of the catalog need. */
export interface CatalogDeps {
  images: ImagesTable;
  cdn: CdnSigner;
  now: () => number;
}
