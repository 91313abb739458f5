import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AwsSpec } from "../lambda/spec.ts";

/**
 * Writes `aws.env` into the data folder: the environment in which every AWS SDK and CLI reaches this
 * cloud instead of AWS (`node --env-file=.shoebox/aws.env …`). It holds the cloud's own credentials,
 * so only its owner may read it.
 */
export function writeAwsEnvironment(dataDir: string, aws: AwsSpec): void {
  const endpoints = Object.entries(aws.endpoints).map(
    ([service, url]) => `AWS_ENDPOINT_URL_${service.toUpperCase().replaceAll("-", "_")}=${url}`,
  );
  const lines = [
    `AWS_REGION=${aws.region}`,
    `AWS_ACCESS_KEY_ID=${aws.credentials.accessKeyId}`,
    `AWS_SECRET_ACCESS_KEY=${aws.credentials.secretAccessKey}`,
    ...endpoints,
  ];
  writeFileSync(join(dataDir, "aws.env"), `${lines.join("\n")}\n`, { mode: 0o600 });
}
