import type { IncomingRequest } from "./incoming-request.ts";
import { objectAt, onlyKeys, stringsAt } from "./openapi-node.ts";
import { compileMapping, type MappedValue } from "./parameter-mapping.ts";
import type { GatewayAnswer } from "./proxy-result.ts";
import type { OpenApiNode } from "./spec.ts";

export type MockIntegration = (request: IncomingRequest) => GatewayAnswer;

const HEADER_PREFIX = "method.response.header.";

/**
 * Compiles an integration of type mock, as CORS preflights use it: a request template that is plain JSON with the
 * status code, and responses with mapped headers and a literal body.
 *
 * @throws Error naming what is not supported, templates with logic above all
 */
export function compileMock(node: OpenApiNode, where: string): MockIntegration {
  onlyKeys(
    node,
    ["type", "requestTemplates", "responses", "passthroughBehavior", "httpMethod"],
    where,
  );
  const request = stringsAt(node.requestTemplates, where)["application/json"] ?? "";
  const integrationStatus = /^\s*\{\s*"statusCode"\s*:\s*(\d{3})\s*\}\s*$/.exec(request)?.[1];
  if (!integrationStatus) {
    throw new Error(
      `${where} needs the request template {"statusCode": <number>}; others are not supported.`,
    );
  }
  const responses = Object.entries(objectAt(node.responses, where) ?? {});
  const selected =
    responses.find(([pattern]) => pattern !== "default" && selects(pattern, integrationStatus)) ??
    responses.find(([pattern]) => pattern === "default");
  if (!selected) throw new Error(`${where} has no response for the status ${integrationStatus}.`);
  return compileResponse(objectAt(selected[1], where) ?? {}, where);
}

function selects(pattern: string, status: string): boolean {
  return new RegExp(`^(?:${pattern})$`).test(status);
}

function compileResponse(node: OpenApiNode, where: string): MockIntegration {
  onlyKeys(node, ["statusCode", "responseParameters", "responseTemplates"], where);
  const mapped = Object.entries(stringsAt(node.responseParameters, where)).map(
    ([target, expression]): [string, MappedValue] => {
      if (!target.startsWith(HEADER_PREFIX) || expression.startsWith("method.")) {
        throw new Error(`${where} maps ${expression} to ${target}, which is not supported.`);
      }
      return [target.slice(HEADER_PREFIX.length), compileMapping(expression, where)];
    },
  );
  const [type, body] = Object.entries(stringsAt(node.responseTemplates, where))[0] ?? [];
  if (body && /[$#]/.test(body)) {
    throw new Error(`${where} has a response template with logic, which is not supported.`);
  }
  const status = Number(node.statusCode ?? 200);
  return (request) => {
    const headers: Record<string, string> = { "Content-Type": type ?? "application/json" };
    for (const [name, value] of mapped) {
      const text = value(request);
      if (text !== undefined) headers[name] = text;
    }
    return { status, headers, body: body ?? "" };
  };
}
