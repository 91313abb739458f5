import { openApiDocument } from "@shoebox/shared/http/api";
import { routes } from "./routes.ts";

/** The service's OpenAPI 3.1 document; the REST API is made from it. */
export function document() {
  return openApiDocument(
    "Shoebox search",
    "Finds pictures by words, tags and dates. Eventually consistent: a change in the catalog is found moments later.",
    routes,
  );
}
