import type { GatewayError } from "./gateway-error.ts";
import type { IncomingRequest } from "./incoming-request.ts";
import { objectAt, onlyKeys, stringsAt } from "./openapi-node.ts";
import { compileMapping, type MappedValue } from "./parameter-mapping.ts";
import type { GatewayAnswer } from "./proxy-result.ts";

interface GatewayResponse {
  status: number | undefined;
  headers: [name: string, value: MappedValue][];
  templates: Map<string, string>;
}

/** Answers for the gateway itself, with the API's own headers and templates. */
export type AnswerError = (error: GatewayError, request?: IncomingRequest) => GatewayAnswer;

const HEADER_PREFIX = "gatewayresponse.header.";
const VARIABLES = new Set([
  "$context.error.message",
  "$context.error.messageString",
  "$context.error.responseType",
  "$context.requestId",
]);

/**
 * Compiles `x-amazon-apigateway-gateway-responses`. Templates know plain variables only, as on AWS.
 *
 * @throws Error naming what is not supported
 */
export function compileGatewayResponses(extension: unknown): AnswerError {
  const where = "x-amazon-apigateway-gateway-responses";
  const responses = new Map<string, GatewayResponse>();
  for (const [type, value] of Object.entries(objectAt(extension, where) ?? {})) {
    responses.set(type, compileResponse(value, `${where}.${type}`));
  }
  return (error, request) => {
    const fallback = error.status >= 500 ? "DEFAULT_5XX" : "DEFAULT_4XX";
    const response = responses.get(error.kind) ?? responses.get(fallback);
    const [contentType, body] = bodyOf(error, response, request);
    const mapped = (response?.headers ?? []).flatMap(([name, value]) => {
      const text = value(request);
      return text === undefined ? [] : [[name, text] as const];
    });
    const own = mapped.some(([name]) => name.toLowerCase() === "content-type");
    const headers = {
      ...(!own && { "Content-Type": contentType }),
      "x-amzn-ErrorType": error.errorType,
      ...Object.fromEntries(mapped),
    };
    return { status: response?.status ?? error.status, headers, body };
  };
}

function compileResponse(value: unknown, where: string): GatewayResponse {
  const node = objectAt(value, where) ?? {};
  onlyKeys(node, ["statusCode", "responseParameters", "responseTemplates"], where);
  const headers = Object.entries(stringsAt(node.responseParameters, where)).map(
    ([target, expression]): [string, MappedValue] => {
      if (!target.startsWith(HEADER_PREFIX)) {
        throw new Error(`${where} sets ${target}, which is not supported.`);
      }
      return [target.slice(HEADER_PREFIX.length), compileMapping(expression, where)];
    },
  );
  const templates = new Map(Object.entries(stringsAt(node.responseTemplates, where)));
  for (const template of templates.values()) {
    for (const [variable] of template.matchAll(/\$\w+(?:\.\w+)*|#(?:set|if|foreach)/g)) {
      if (!VARIABLES.has(variable)) {
        throw new Error(`${where} has a template with ${variable}, which is not supported.`);
      }
    }
  }
  const status = node.statusCode === undefined ? undefined : Number(node.statusCode);
  return { status, headers, templates };
}

function bodyOf(
  error: GatewayError,
  response: GatewayResponse | undefined,
  request: IncomingRequest | undefined,
): [contentType: string, body: string] {
  const [contentType, template] = chooseTemplate(response?.templates, request);
  if (template === undefined) {
    // The default for a denied request spells its key with a capital, unlike all others.
    const key = error.kind === "ACCESS_DENIED" ? "Message" : "message";
    return [contentType, JSON.stringify({ [key]: error.clientMessage })];
  }
  const values: Record<string, string> = {
    "$context.error.message": error.clientMessage ?? "null",
    "$context.error.messageString": JSON.stringify(error.clientMessage),
    "$context.error.responseType": error.kind,
    "$context.requestId": request?.requestId ?? "",
  };
  return [
    contentType,
    template.replace(/\$\w+(?:\.\w+)*/g, (variable) => values[variable] ?? variable),
  ];
}

function chooseTemplate(
  templates: Map<string, string> | undefined,
  request: IncomingRequest | undefined,
): [contentType: string, template: string | undefined] {
  if (!templates || templates.size === 0) return ["application/json", undefined];
  const accepted = request?.header("accept")?.split(",") ?? [];
  const wanted = accepted.map((type) => type.split(";")[0]?.trim() ?? "");
  const type =
    [...wanted, "application/json"].find((candidate) => templates.has(candidate)) ??
    [...templates.keys()][0] ??
    "application/json";
  return [type, templates.get(type)];
}
