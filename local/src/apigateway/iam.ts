import { allows } from "../lambda/iam/policy.ts";
import {
  authorizationFields,
  encodeRfc3986,
  parseAmzDate,
  type ReceivedRequest,
  safeEqual,
  sha256,
  signatureOf,
  signingKey,
  unsignedHeaders,
} from "../sigv4/signing.ts";
import { GatewayError } from "./gateway-error.ts";
import type { IncomingRequest } from "./incoming-request.ts";
import type { Identity, RoutedRequest } from "./proxy-event.ts";
import type { Caller, RestApiSpec } from "./spec.ts";

/** Who signed the request. @throws GatewayError when nobody did who may call the method */
export type Identify = (routed: RoutedRequest, body: Buffer) => Identity;

const SERVICE = "execute-api";
/** API Gateway's, in minutes; S3 takes fifteen. */
const SKEW = 5;

/**
 * The authorization `AWS_IAM`: Signature Version 4 in the Authorization header, over this body, and a
 * policy of the caller that allows the method. What it says to whom it does not let in is what API Gateway
 * says ("Troubleshoot SigV4 signature mismatch errors", "Control access to a REST API with IAM permissions").
 */
export function createIam(api: RestApiSpec, now: () => number): Identify {
  return (routed, body) => {
    const { request } = routed;
    const header = request.header("authorization");
    if (header === undefined) throw new GatewayError("MISSING_AUTHENTICATION_TOKEN");
    const claims = readClaims(header, request);
    checkTime(claims.amzDate, now());
    const caller = callerOf(claims, api);
    if (request.header("x-amz-security-token") !== undefined) throw unknownToken();
    const received = receivedRequest(request);
    const [unsigned] = unsignedHeaders(received, claims.signedHeaders);
    if (unsigned) {
      throw invalid(`'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`);
    }
    const expected = signatureOf(received, {
      ...claims,
      path: request.path.split("/").map(encodeRfc3986).join("/"),
      payload: sha256(body),
      key: signingKey(caller.secretAccessKey, claims.scope),
    });
    if (!safeEqual(expected, claims.signature)) {
      throw invalid(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
      );
    }
    checkRight(caller, api, request);
    const { accessKeyId: accessKey, userArn, userId } = caller;
    return { accountId: api.accountId, accessKey, userArn, user: userId, caller: userId };
  };
}

interface Claims {
  accessKeyId: string;
  scope: string;
  signedHeaders: string[];
  signature: string;
  amzDate: string;
}

function readClaims(header: string, request: IncomingRequest): Claims {
  const fields = authorizationFields(header);
  const amzDate = request.header("x-amz-date");
  const missing = ["Credential", "Signature", "SignedHeaders"]
    .filter((name) => !fields?.get(name))
    .map((name) => `Authorization header requires '${name}' parameter. `);
  if (amzDate === undefined) {
    missing.push(
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
    );
  }
  if (missing.length > 0 || amzDate === undefined) {
    // AWS does not say which gateway response this is; the answer is a 403 with this type in any case.
    throw invalid(`${missing.join("")}Authorization=${header}`, "IncompleteSignatureException");
  }
  const [accessKeyId = "", ...scope] = (fields?.get("Credential") ?? "").split("/");
  return {
    accessKeyId,
    scope: scope.join("/"),
    signedHeaders: (fields?.get("SignedHeaders") ?? "").split(";"),
    signature: fields?.get("Signature") ?? "",
    amzDate,
  };
}

function checkTime(amzDate: string, now: number): void {
  const time = parseAmzDate(amzDate);
  if (time === undefined) {
    throw invalid(
      `Date must be in ISO-8601 'basic format'. Got '${amzDate}'.`,
      "IncompleteSignatureException",
    );
  }
  const skew = SKEW * 60_000;
  const [earliest, latest] = [amzDateOf(now - skew), amzDateOf(now + skew)];
  if (time < now - skew) {
    throw invalid(
      `Signature expired: ${amzDate} is now earlier than ${earliest} (${amzDateOf(now)} - ${SKEW} min.)`,
    );
  }
  if (time > now + skew) {
    throw invalid(
      `Signature not yet current: ${amzDate} is still later than ${latest} (${amzDateOf(now)} + ${SKEW} min.)`,
    );
  }
}

function amzDateOf(time: number): string {
  return new Date(time)
    .toISOString()
    .replace(/[.]\d+Z$/, "Z")
    .replace(/[-:]/g, "");
}

function callerOf({ accessKeyId, scope, amzDate }: Claims, api: RestApiSpec): Caller {
  const [date, region, service, ...rest] = scope.split("/");
  if (region !== api.region) {
    throw invalid(`Credential should be scoped to a valid region, not '${region}'.`);
  }
  if (service !== SERVICE || rest.join("/") !== "aws4_request") {
    throw invalid(`Credential should be scoped to correct service: '${SERVICE}'.`);
  }
  if (date !== amzDate.slice(0, 8)) {
    throw invalid(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${amzDate.slice(0, 8)}', from '${amzDate}'.`,
    );
  }
  const caller = api.callers?.find((one) => safeEqual(one.accessKeyId, accessKeyId));
  if (!caller) throw unknownToken();
  return caller;
}

function checkRight(caller: Caller, api: RestApiSpec, { method, path }: IncomingRequest): void {
  const called = `${api.apiId}/${api.stage}/${method}${path}`;
  const resource = (account: string) => `arn:aws:${SERVICE}:${api.region}:${account}:${called}`;
  const action = `${SERVICE}:Invoke`;
  if (allows(caller.policy, { action, resource: resource(api.accountId) })) return;
  const hidden = api.accountId.slice(-4).padStart(api.accountId.length, "*");
  throw new GatewayError("ACCESS_DENIED", {
    clientMessage: `User: ${caller.userArn} is not authorized to perform: ${action} on resource: ${resource(hidden)}`,
  });
}

function receivedRequest(request: IncomingRequest): ReceivedRequest {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? "").toLowerCase();
    const value = request.rawHeaders[index + 1] ?? "";
    headers.set(name, headers.has(name) ? `${headers.get(name)},${value}` : value);
  }
  return { method: request.method, rawPath: request.path, query: [...request.query], headers };
}

function invalid(clientMessage: string, errorType?: string): GatewayError {
  return new GatewayError("INVALID_SIGNATURE", { clientMessage, errorType });
}

/** A session token as well: this cloud gives none out. */
function unknownToken(): GatewayError {
  return invalid(
    "The security token included in the request is invalid.",
    "UnrecognizedClientException",
  );
}
