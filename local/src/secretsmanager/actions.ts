import { randomBytes, randomUUID } from "node:crypto";
import type { Secret, SecretFiles, SecretVersion } from "./secret-files.ts";
import { SecretsError } from "./secrets-error.ts";

/** Bytes of a secret's value, a quota of Secrets Manager. */
const MOST_BYTES = 65_536;
/** Versions without a stage are kept for a while only; Secrets Manager keeps about this many. */
const MOST_VERSIONS = 100;
const NAME = /^[A-Za-z0-9/_+=.@!-]{1,512}$/;

interface SecretRequest {
  Name?: string;
  SecretId?: string;
  Description?: string;
  SecretString?: string;
  SecretBinary?: string;
  ClientRequestToken?: string;
  VersionId?: string;
  VersionStage?: string;
  VersionStages?: string[];
}

export type Action = (
  request: SecretRequest,
  files: SecretFiles,
  now: number,
) => Record<string, unknown>;

const createSecret: Action = (request, files, now) => {
  const name = request.Name ?? "";
  if (!NAME.test(name))
    throw new SecretsError(
      "InvalidParameterException",
      "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
    );
  const token = request.ClientRequestToken ?? randomUUID();
  const existing = files.find(name);
  if (existing) {
    const same = existing.versions.find((version) => version.id === token);
    if (!same || !sameValue(same, request)) {
      throw new SecretsError(
        "ResourceExistsException",
        `The operation failed because the secret ${name} already exists.`,
      );
    }
    return { ARN: existing.arn, Name: name, VersionId: token };
  }
  const suffix = randomBytes(3).toString("hex");
  const secret: Secret = {
    name,
    arn: `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-${suffix}`,
    description: request.Description,
    createdAt: now / 1000,
    changedAt: now / 1000,
    versions: [],
  };
  const hasValue = request.SecretString !== undefined || request.SecretBinary !== undefined;
  if (hasValue) addVersion(secret, token, request, ["AWSCURRENT"], now);
  files.save(secret);
  return { ARN: secret.arn, Name: name, ...(hasValue ? { VersionId: token } : {}) };
};

const putSecretValue: Action = (request, files, now) => {
  const secret = structuredClone(found(files, request.SecretId));
  const token = request.ClientRequestToken ?? randomUUID();
  const same = secret.versions.find((version) => version.id === token);
  if (same && !sameValue(same, request)) {
    throw new SecretsError(
      "ResourceExistsException",
      `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  }
  if (!same) {
    addVersion(secret, token, request, request.VersionStages ?? ["AWSCURRENT"], now);
    files.save(secret);
  }
  const stages = secret.versions.find((version) => version.id === token)?.stages;
  return { ARN: secret.arn, Name: secret.name, VersionId: token, VersionStages: stages };
};

const getSecretValue: Action = (request, files) => {
  const secret = found(files, request.SecretId);
  const { VersionId, VersionStage = VersionId === undefined ? "AWSCURRENT" : undefined } = request;
  const version = secret.versions.find(
    (v) =>
      (VersionId === undefined || v.id === VersionId) &&
      (VersionStage === undefined || v.stages.includes(VersionStage)),
  );
  if (!version) {
    throw new SecretsError(
      "ResourceNotFoundException",
      `Secrets Manager can't find the specified secret value for ${VersionStage ? `staging label: ${VersionStage}` : `VersionId: ${VersionId}`}`,
    );
  }
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    VersionStages: version.stages,
    CreatedDate: version.createdAt,
    SecretString: version.string,
    SecretBinary: version.binary,
  };
};

const describeSecret: Action = (request, files) => {
  const secret = found(files, request.SecretId);
  const staged = secret.versions.filter(({ stages }) => stages.length > 0);
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    CreatedDate: secret.createdAt,
    LastChangedDate: secret.changedAt,
    VersionIdsToStages: Object.fromEntries(staged.map(({ id, stages }) => [id, stages])),
  };
};

export const ACTIONS: Record<string, Action> = {
  CreateSecret: createSecret,
  PutSecretValue: putSecretValue,
  GetSecretValue: getSecretValue,
  DescribeSecret: describeSecret,
};

function found(files: SecretFiles, id = ""): Secret {
  const secret = files.find(id);
  if (secret) return secret;
  throw new SecretsError(
    "ResourceNotFoundException",
    "Secrets Manager can't find the specified secret.",
  );
}

/** Stages move to the new version; the one that loses AWSCURRENT becomes AWSPREVIOUS. */
function addVersion(
  secret: Secret,
  id: string,
  request: SecretRequest,
  stages: string[],
  now: number,
): void {
  const { SecretString: string, SecretBinary: binary } = request;
  if ((string === undefined) === (binary === undefined)) {
    throw new SecretsError(
      "InvalidRequestException",
      "You must provide either SecretString or SecretBinary, and not both.",
    );
  }
  const bytes =
    string === undefined ? Buffer.byteLength(binary ?? "", "base64") : Buffer.byteLength(string);
  if (bytes > MOST_BYTES)
    throw new SecretsError(
      "LimitExceededException",
      `A secret's value is at most ${MOST_BYTES} bytes.`,
    );
  // The first version is the current one, whatever was asked for.
  const own =
    secret.versions.length === 0 && !stages.includes("AWSCURRENT")
      ? [...stages, "AWSCURRENT"]
      : stages;
  const taken = own.includes("AWSCURRENT") ? [...own, "AWSPREVIOUS"] : own;
  for (const version of secret.versions) {
    const wasCurrent = version.stages.includes("AWSCURRENT") && own.includes("AWSCURRENT");
    version.stages = version.stages.filter((stage) => !taken.includes(stage));
    if (wasCurrent) version.stages.push("AWSPREVIOUS");
  }
  const version: SecretVersion = { id, stages: own, string, binary, createdAt: now / 1000 };
  const unstaged = secret.versions.filter(({ stages: s }) => s.length === 0).slice(-MOST_VERSIONS);
  secret.versions = [
    ...unstaged,
    ...secret.versions.filter(({ stages: s }) => s.length > 0),
    version,
  ];
  secret.changedAt = now / 1000;
}

function sameValue(version: SecretVersion, request: SecretRequest): boolean {
  return version.string === request.SecretString && version.binary === request.SecretBinary;
}
