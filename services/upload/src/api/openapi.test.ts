import { expect, it } from "vitest";
import { document } from "./openapi.ts";

it("the document declares every route with its answers, and needs nothing that runs", () => {
  const paths = document().paths ?? {};
  const answers = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item ?? {}).map(([method, operation]) => [
      `${method} ${path}`,
      Object.keys((operation as { responses: object }).responses).join(" "),
    ]),
  );
  expect(Object.fromEntries(answers)).toEqual({
    "post /v1/uploads": "200 201 400 401 409 413 415 422 429 500 503",
    "post /v1/uploads/batch": "207 400 401 409 413 422 429 500",
    "get /v1/uploads/quota": "200 401 429 500",
    "get /v1/uploads/{imageId}": "200 400 401 404 429 500",
    "delete /v1/uploads/{imageId}": "204 401 404 409 429 500",
    "get /v1/uploads/{imageId}/parts": "200 401 404 409 429 500",
    "post /v1/uploads/{imageId}/parts": "200 400 401 404 409 422 429 500",
    "post /v1/uploads/{imageId}/complete": "200 400 401 404 409 422 429 500",
    "post /v1/uploads/uppy": "201 401 409 422 429 500",
    "get /v1/uploads/uppy/{endpoint}/s3/params": "200 400 401 409 413 415 429 500 503",
    "post /v1/uploads/uppy/{endpoint}/s3/multipart": "200 400 401 409 413 415 422 429 500 503",
    "get /v1/uploads/uppy/{endpoint}/s3/multipart/{uploadId}": "200 401 404 409 429 500",
    "delete /v1/uploads/uppy/{endpoint}/s3/multipart/{uploadId}": "200 401 404 409 429 500",
    "get /v1/uploads/uppy/{endpoint}/s3/multipart/{uploadId}/batch": "200 400 401 404 409 429 500",
    "get /v1/uploads/uppy/{endpoint}/s3/multipart/{uploadId}/{partNumber}":
      "200 400 401 404 409 429 500",
    "post /v1/uploads/uppy/{endpoint}/s3/multipart/{uploadId}/complete":
      "200 400 401 404 409 422 429 500",
    "post /v1/uploads/ops/reconciliations": "202 400 401 403 404 409 429 500",
    "get /v1/uploads/ops/reconciliations/{reconciliationId}": "200 401 403 404 429 500",
    "get /v1/uploads/ops/reconciliations/{reconciliationId}/findings":
      "200 400 401 403 404 429 500",
  });
});
