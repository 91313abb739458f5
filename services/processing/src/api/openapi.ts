import { type OpenApiDocument, openApiDocument } from "@shoebox/shared/http/api";
import { routes } from "./routes.ts";

/** The OpenAPI document of this service; also the body of its REST API in API Gateway. */
export function document(): OpenApiDocument {
  return openApiDocument(
    "Shoebox processing",
    "How far the processing of an image is, and which renditions are made.",
    routes,
  );
}
