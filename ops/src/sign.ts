import { SQSClient } from "@aws-sdk/client-sqs";
import { SignatureV4 } from "@smithy/signature-v4";
import { type AwsAccess, awsFailure } from "./aws.ts";

/** A request before it is sent. */
export interface Unsigned {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string | undefined;
}

/** Gives the headers with which a request says who sends it. */
export type Sign = (request: Unsigned) => Promise<Record<string, string>>;

/**
 * Signs requests for routes that API Gateway guards by IAM. Credentials and region are found as any client
 * of the SDK finds them, so one is asked.
 *
 * @throws Failure when there are none
 */
export function createSigner(access: AwsAccess): Sign {
  const { region, credentials, sha256 } = new SQSClient(access).config;
  const signer = new SignatureV4({ service: "execute-api", region, credentials, sha256 });
  return async ({ method, url, headers, body }) => {
    try {
      const signed = await signer.sign({
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        query: Object.fromEntries(
          [...url.searchParams.keys()].map((name) => [name, url.searchParams.getAll(name)]),
        ),
        // With its port, where it has one of its own: as `fetch` sends it.
        headers: { ...headers, host: url.host },
        body,
      });
      return signed.headers;
    } catch (error) {
      throw (error instanceof Error && awsFailure(error)) || error;
    }
  };
}
