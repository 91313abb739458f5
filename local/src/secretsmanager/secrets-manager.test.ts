import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type LocalSecretsManager, startSecretsManager } from "./start-secrets-manager.ts";

let dataDir: string;
let local: LocalSecretsManager;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "secrets-"));
  local = await startSecretsManager({ dataDir });
});

afterEach(async () => {
  await local.close();
  await rm(dataDir, { recursive: true });
});

/** The wire protocol itself, by the API reference: the SDK's client is not a dependency of this workspace. */
async function call(action: string, body: object): Promise<Record<string, unknown>> {
  const headers = {
    "x-amz-target": `secretsmanager.${action}`,
    "content-type": "application/x-amz-json-1.1",
  };
  const answer = await fetch(local.url, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, ...((await answer.json()) as object) };
}

it("gives the current value, and the previous one until the next change", async () => {
  const { VersionId: first, ARN } = await call("CreateSecret", {
    Name: "jwt/key",
    SecretString: "one",
  });
  await call("PutSecretValue", { SecretId: "jwt/key", SecretString: "two" });
  expect(await call("GetSecretValue", { SecretId: "jwt/key" })).toMatchObject({
    SecretString: "two",
    ARN,
  });
  const previous = await call("GetSecretValue", {
    SecretId: "jwt/key",
    VersionStage: "AWSPREVIOUS",
  });
  expect(previous).toMatchObject({
    SecretString: "one",
    VersionId: first,
    VersionStages: ["AWSPREVIOUS"],
  });
  const { VersionId: third } = await call("PutSecretValue", {
    SecretId: "jwt/key",
    SecretString: "three",
  });
  const { VersionIdsToStages } = await call("DescribeSecret", { SecretId: ARN });
  expect(Object.values(VersionIdsToStages ?? {})).toEqual([["AWSPREVIOUS"], ["AWSCURRENT"]]);
  expect(VersionIdsToStages).toHaveProperty(String(third), ["AWSCURRENT"]);
});

it("does a request with the same token and value once, and refuses the token for another value", async () => {
  const ClientRequestToken = "0".repeat(32);
  await call("CreateSecret", { Name: "key", SecretString: "one" });
  const put = (SecretString: string) =>
    call("PutSecretValue", { SecretId: "key", SecretString, ClientRequestToken });
  expect(await put("two")).toMatchObject({ status: 200, VersionId: ClientRequestToken });
  expect(await put("two")).toMatchObject({ status: 200, VersionId: ClientRequestToken });
  expect(await put("three")).toMatchObject({ status: 400, __type: "ResourceExistsException" });
  expect(await call("CreateSecret", { Name: "key", SecretString: "x" })).toMatchObject({
    __type: "ResourceExistsException",
  });
});

it("keeps secrets in files that only the owner can read, over a restart", async () => {
  const { ARN } = await call("CreateSecret", { Name: "binary", SecretBinary: "AQID" });
  await local.close();
  const folder = join(dataDir, "secrets");
  const [file = ""] = await readdir(folder);
  expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(folder, file), "utf8")).toContain("AQID");
  local = await startSecretsManager({ dataDir });
  const withoutSuffix = String(ARN).slice(0, -7);
  expect(await call("GetSecretValue", { SecretId: withoutSuffix })).toMatchObject({
    SecretBinary: "AQID",
    ARN,
  });
});

it("tells what is not there, what is too much, and what it does not know", async () => {
  expect(await call("GetSecretValue", { SecretId: "nope" })).toMatchObject({
    status: 400,
    __type: "ResourceNotFoundException",
  });
  await call("CreateSecret", { Name: "empty" });
  expect(await call("GetSecretValue", { SecretId: "empty" })).toMatchObject({
    __type: "ResourceNotFoundException",
  });
  const large = await call("PutSecretValue", {
    SecretId: "empty",
    SecretString: "x".repeat(65_537),
  });
  expect(large).toMatchObject({ __type: "LimitExceededException" });
  expect(await call("RotateSecret", { SecretId: "empty" })).toMatchObject({ status: 501 });
});
