import {
  ALGORITHM,
  authorizationFields,
  encodeRfc3986,
  parseAmzDate,
  type ReceivedRequest,
  safeEqual,
  signatureOf,
  unsignedHeaders,
} from "../sigv4/signing.ts";
import { accessDenied, invalidArgument, invalidRequest, S3Error } from "./s3-error.ts";
import { malformed, resolveCredential, signatureDoesNotMatch, type Verifier } from "./signing.ts";

/** Who signed, and what the body's own verification needs to go on from. */
export interface Authentication {
  accessKeyId: string;
  presigned: boolean;
  /** Hex SHA-256, `UNSIGNED-PAYLOAD` or one of the `STREAMING-…` markers. */
  payload: string;
  amzDate: string;
  scope: string;
  signature: string;
  signingKey: Buffer;
}

const SKEW_MS = 15 * 60_000;
const AUTH_QUERY = [
  "x-amz-algorithm",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-expires",
  "x-amz-signedheaders",
  "x-amz-signature",
];

export const isAuthParameter = (name: string) => AUTH_QUERY.includes(name.toLowerCase());

/**
 * Verifies the Signature Version 4 of a request, in its Authorization header or in its query.
 * Source: "Authenticating Requests (AWS Signature Version 4)" of the Amazon S3 API reference.
 *
 * @throws S3Error AccessDenied (anonymous, expired, unsigned headers), SignatureDoesNotMatch,
 * InvalidAccessKeyId, RequestTimeTooSkewed, AuthorizationHeaderMalformed …
 */
export function authenticate(request: ReceivedRequest, verifier: Verifier): Authentication {
  const header = request.headers.get("authorization");
  const presigned = request.query.some(([name]) => name.toLowerCase() === "x-amz-algorithm");
  if (header !== undefined && presigned) {
    throw invalidArgument(
      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
      "Authorization",
    );
  }
  const claims = presigned ? fromQuery(request, verifier) : fromHeader(request, header, verifier);
  if (request.headers.has("x-amz-security-token")) {
    throw new S3Error(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
  }
  const { scope, signingKey } = resolveCredential(claims.credential, claims.amzDate, verifier);
  assertHeadersSigned(request, claims.signedHeaders);

  const { signedHeaders, payload, amzDate } = claims;
  const path = request.rawPath
    .split("/")
    .map((segment) => encodeRfc3986(decodeURIComponent(segment)))
    .join("/");
  const signing = { signedHeaders, path, payload, amzDate, scope, key: signingKey };
  const expected = signatureOf(request, signing);
  if (!safeEqual(expected, claims.signature)) throw signatureDoesNotMatch();

  return {
    accessKeyId: claims.credential.split("/")[0] ?? "",
    presigned,
    payload,
    amzDate,
    scope,
    signature: claims.signature,
    signingKey,
  };
}

interface Claims {
  credential: string;
  signedHeaders: string[];
  signature: string;
  amzDate: string;
  payload: string;
}

function fromHeader(
  request: ReceivedRequest,
  header: string | undefined,
  verifier: Verifier,
): Claims {
  if (header === undefined) throw accessDenied();
  const fields = authorizationFields(header);
  if (!fields) throw invalidArgument("Unsupported Authorization Type", "Authorization", header);
  const credential = fields.get("Credential");
  const signedHeaders = fields.get("SignedHeaders");
  const signature = fields.get("Signature");
  if (!credential || !signedHeaders || !signature) {
    throw malformed(
      "The authorization header is malformed; Credential, SignedHeaders and Signature are required.",
    );
  }
  const payload = request.headers.get("x-amz-content-sha256");
  if (payload === undefined) {
    throw invalidRequest("Missing required header for this request: x-amz-content-sha256");
  }
  const amzDate = request.headers.get("x-amz-date") ?? "";
  const time = parseAmzDate(amzDate);
  if (time === undefined)
    throw accessDenied("AWS authentication requires a valid Date or x-amz-date header");
  if (Math.abs(verifier.now() - time) > SKEW_MS) {
    throw new S3Error(
      403,
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
      {
        RequestTime: amzDate,
        ServerTime: new Date(verifier.now()).toISOString(),
        MaxAllowedSkewMilliseconds: SKEW_MS,
      },
    );
  }
  return { credential, signedHeaders: signedHeaders.split(";"), signature, amzDate, payload };
}

function fromQuery(request: ReceivedRequest, verifier: Verifier): Claims {
  const value = (name: string) => {
    const found = request.query.filter(([key]) => key.toLowerCase() === name);
    if (found.length !== 1 || !found[0]?.[1]) {
      throw queryError(
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
      );
    }
    return found[0][1];
  };
  const algorithm = value("x-amz-algorithm");
  if (algorithm !== ALGORITHM) throw queryError(`X-Amz-Algorithm only supports "${ALGORITHM}"`);
  const amzDate = value("x-amz-date");
  const expires = value("x-amz-expires");
  const time = parseAmzDate(amzDate);
  if (time === undefined)
    throw queryError("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  if (!/^\d{1,10}$/.test(expires)) throw queryError("X-Amz-Expires should be a number");
  if (Number(expires) > 604_800)
    throw queryError(
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
    );
  const now = verifier.now();
  if (now < time - SKEW_MS) throw accessDenied("Request is not yet valid");
  if (now > time + Number(expires) * 1000) {
    throw accessDenied("Request has expired", {
      "X-Amz-Expires": expires,
      Expires: new Date(time + Number(expires) * 1000).toISOString(),
      ServerTime: new Date(now).toISOString(),
    });
  }
  return {
    credential: value("x-amz-credential"),
    signedHeaders: value("x-amz-signedheaders").split(";"),
    signature: value("x-amz-signature"),
    amzDate,
    payload:
      request.query.find(([name]) => name.toLowerCase() === "x-amz-content-sha256")?.[1] ??
      request.headers.get("x-amz-content-sha256") ??
      "UNSIGNED-PAYLOAD",
  };
}

function assertHeadersSigned(request: ReceivedRequest, signedHeaders: string[]): void {
  const unsigned = unsignedHeaders(request, signedHeaders);
  const absent = signedHeaders.filter((name) => !request.headers.has(name));
  if (unsigned.length > 0) {
    throw accessDenied("There were headers present in the request which were not signed", {
      HeadersNotSigned: unsigned.join(", "),
    });
  }
  // The signer vouched for a value that was not sent, so the signature cannot be right.
  if (absent.length > 0) throw signatureDoesNotMatch();
}

const queryError = (message: string) =>
  new S3Error(400, "AuthorizationQueryParametersError", message);
