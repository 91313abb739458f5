import { type Credential, safeEqual, signingKey } from "../sigv4/signing.ts";
import { S3Error } from "./s3-error.ts";

export interface Verifier {
  credentials: readonly Credential[];
  region: string;
  now: () => number;
}

/** The key for a credential scope `ID/date/region/s3/aws4_request`, also used by POST policies. */
export function resolveCredential(credential: string, amzDate: string, verifier: Verifier) {
  const [accessKeyId, date, region, service, terminator, rest] = credential.split("/");
  if (!date || !terminator || rest !== undefined) {
    throw malformed(
      "The Credential is mal-formed; expecting '<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request'.",
    );
  }
  if (region !== verifier.region) {
    throw malformed(`The region '${region}' is wrong; expecting '${verifier.region}'`, {
      Region: verifier.region,
    });
  }
  if (service !== "s3" || terminator !== "aws4_request") {
    throw malformed("The Credential's service and terminator must be 's3' and 'aws4_request'.");
  }
  if (date !== amzDate.slice(0, 8)) {
    throw malformed(`Invalid credential date "${date}". This date is not the same as X-Amz-Date.`);
  }
  const known = verifier.credentials.find((one) => safeEqual(one.accessKeyId, accessKeyId ?? ""));
  if (!known) {
    throw new S3Error(
      403,
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
      { AWSAccessKeyId: accessKeyId ?? "" },
    );
  }
  const scope = `${date}/${region}/s3/aws4_request`;
  return { scope, signingKey: signingKey(known.secretAccessKey, scope) };
}

export const signatureDoesNotMatch = () =>
  new S3Error(
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
  );

export const malformed = (message: string, details = {}) =>
  new S3Error(400, "AuthorizationHeaderMalformed", message, details);
