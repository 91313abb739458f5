import { describe, expect, it } from "vitest";
import { document } from "./openapi.ts";

describe("the OpenAPI document of the catalog", () => {
  const { paths = {}, openapi } = document();
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item ?? {}).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation: operation as { summary?: string; responses: Record<string, unknown> },
    })),
  );

  it("has every route, with a summary and its problems", () => {
    expect(openapi).toBe("3.1.0");
    expect(operations.map(({ name }) => name).sort()).toEqual([
      "DELETE /v1/images/{imageId}",
      "GET /v1/images",
      "GET /v1/images/ops/reconciliations/{reconciliationId}",
      "GET /v1/images/ops/reconciliations/{reconciliationId}/findings",
      "GET /v1/images/{imageId}",
      "GET /v1/images/{imageId}/url",
      "PATCH /v1/images/{imageId}",
      "POST /v1/images/batch",
      "POST /v1/images/ops/reconciliations",
    ]);
    for (const { operation } of operations) {
      expect(operation.summary).toBeTruthy();
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(["401", "429", "500"]),
      );
    }
  });

  it("says that a list by tag is eventually consistent", () => {
    expect(JSON.stringify(paths["/v1/images"])).toContain("may be missing for a moment");
  });
});
