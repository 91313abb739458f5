import { expect, it } from "vitest";
import { gatewayDocument } from "./gateway-document.ts";

const readersWith = (webOrigins: string[]) => {
  const document = gatewayDocument(
    { openapi: "3.1.0", info: { title: "", version: "" } },
    { title: "", apiUri: "", authorizerUri: "", webOrigins, authorizerTtl: 1 },
  ) as Record<string, Record<string, { responseParameters: Record<string, string> }>>;
  const responses = Object.values(document["x-amazon-apigateway-gateway-responses"] ?? {});
  return new Set(
    responses.map(
      ({ responseParameters: set }) => set["gatewayresponse.header.Access-Control-Allow-Origin"],
    ),
  );
};

it("the gateway's own answers can be read by the page that there is, by all where there are several, by none where there is none", () => {
  expect(readersWith([])).toEqual(new Set([undefined]));
  expect(readersWith(["https://a.example"])).toEqual(new Set(["'https://a.example'"]));
  expect(readersWith(["https://a.example", "https://b.example"])).toEqual(new Set(["'*'"]));
});

it("a route that asks for a guard which is not known here is refused: API Gateway would leave it open", () => {
  const document = {
    openapi: "3.1.0",
    info: { title: "", version: "" },
    paths: { "/v1/a": { get: { responses: {}, security: [{ magic: [] }] } } },
  };
  const options = { title: "", apiUri: "", authorizerUri: "", webOrigins: [], authorizerTtl: 1 };
  expect(() => gatewayDocument(document, options)).toThrow("magic");
});
