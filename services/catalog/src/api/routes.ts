import type { Route } from "@shoebox/shared/http/api";
import { changeImages } from "./change-images.ts";
import { removeImage } from "./delete-image.ts";
import type { CatalogDeps } from "./deps.ts";
import { getImage } from "./get-image.ts";
import { getImageUrl } from "./get-image-url.ts";
import { listImages } from "./list-images.ts";
import { patchImage } from "./patch-image.ts";

export const routes: Route<CatalogDeps>[] = [
  listImages,
  getImage,
  patchImage,
  getImageUrl,
  removeImage,
  changeImages,
];
