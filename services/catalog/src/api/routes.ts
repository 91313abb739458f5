import type { Route } from "@shoebox/shared/http/api";
import { type ReconciliationDeps, reconciliationRoutes } from "@shoebox/shared/reconcile/routes";
import { changeImages } from "./change-images.ts";
import { removeImage } from "./delete-image.ts";
import type { CatalogDeps } from "./deps.ts";
import { getImage } from "./get-image.ts";
import { getImageUrl } from "./get-image-url.ts";
import { listImages } from "./list-images.ts";
import { patchImage } from "./patch-image.ts";

export const routes: Route<CatalogDeps & ReconciliationDeps>[] = [
  listImages,
  getImage,
  patchImage,
  getImageUrl,
  removeImage,
  changeImages,
  ...reconciliationRoutes("/v1/images"),
];
