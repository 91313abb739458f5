import { openApiDocument } from "@shoebox/shared/http/api";
import { routes } from "./routes.ts";

/** The catalog's API, as the gateway is configured with it and the docs show it. */
export function document() {
  return openApiDocument(
    "Shoebox catalog",
    "My images: list, read, change and delete them, and get signed URLs of their bytes.",
    routes,
  );
}
