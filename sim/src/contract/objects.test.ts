import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { type S3Server, startS3 } from "@shoebox/local/s3/server";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { postForm } from "../s3/post-form.ts";
import { describeBuckets } from "./objects.contract.ts";
import { goingOn, simulatedStores } from "./simulated.ts";

const codeOf = (xml: string) => /<Code>(\w+)<\/Code>/.exec(xml)?.[1];
const outcome = (status: number, body: string) => ({
  status,
  ...(status >= 400 && { code: codeOf(body) }),
});

describeBuckets("simulated", async () => {
  const world = simulatedStores({
    buckets: [
      { name: "pictures", versioned: true, tellsEvents: false, abortMultipartAfter: undefined },
    ],
  });
  onTestFinished(world.close);
  const { now } = world.scheduler;
  return {
    client: goingOn<S3Client>(world.clients.s3, world),
    Bucket: "pictures",
    now,
    async post(fields, file) {
      const { status, body } = postForm(world.bucketNamed("pictures"), fields, file, now());
      return outcome(status, body.toString());
    },
  };
});

let dataDir: string;
let embedded: S3Server;
let names = 0;
const credentials = { accessKeyId: "AKIACONTRACT", secretAccessKey: "contract" };

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "contract-"));
  embedded = await startS3({ dataDir, credentials: [credentials] });
});

afterAll(async () => {
  await embedded.close();
  await rm(dataDir, { recursive: true });
});

describeBuckets("embedded", async () => {
  const client = new S3Client({
    endpoint: embedded.url,
    region: "us-east-1",
    credentials,
    forcePathStyle: true,
  });
  onTestFinished(() => client.destroy());
  names += 1;
  const Bucket = `pictures-${names}`;
  await client.send(new CreateBucketCommand({ Bucket }));
  const VersioningConfiguration = { Status: "Enabled" as const };
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  return {
    client,
    Bucket,
    now: Date.now,
    async post(fields, file) {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      form.append("file", new Blob([new Uint8Array(file)]));
      const response = await fetch(`${embedded.url}/${Bucket}`, { method: "POST", body: form });
      return outcome(response.status, await response.text());
    },
  };
});
