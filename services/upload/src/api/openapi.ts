import { type OpenApiDocument, openApiDocument } from "@shoebox/shared/http/api";
import { routes } from "./routes.ts";

/** The OpenAPI document of the upload API: what the API Gateway is made from, too. */
export function document(): OpenApiDocument {
  return openApiDocument(
    "Shoebox uploads",
    "Begin, watch and call off uploads. The pictures themselves go straight to the object store.",
    routes,
  );
}
