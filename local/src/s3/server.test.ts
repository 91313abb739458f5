import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { describe, expect, it } from "vitest";
import { errorOf, failure, s3ForTest } from "./testing.ts";

const Bucket = "photos";
const DAY = 86_400_000;

describe("buckets", () => {
  it("are made once, listed, and deleted only when empty", async () => {
    const { client } = await s3ForTest();
    await client.send(new CreateBucketCommand({ Bucket }));
    expect(await failure(client.send(new CreateBucketCommand({ Bucket: "Bad_Name" })))).toBe(
      "InvalidBucketName 400",
    );
    const listed = await client.send(new ListBucketsCommand({}));
    expect(listed.Buckets?.map((one) => one.Name)).toEqual([Bucket]);
    await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
    expect(await failure(client.send(new DeleteBucketCommand({ Bucket })))).toBe(
      "BucketNotEmpty 409",
    );
    await client.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    await client.send(new DeleteBucketCommand({ Bucket }));
    expect(await failure(client.send(new HeadBucketCommand({ Bucket })))).toBe("NotFound 404");
  });

  it("keep their configuration as it was given", async () => {
    const { client } = await s3ForTest({ versioned: true });
    const versioning = await client.send(new GetBucketVersioningCommand({ Bucket }));
    expect(versioning.Status).toBe("Enabled");
    expect(await failure(client.send(new GetBucketCorsCommand({ Bucket })))).toBe(
      "NoSuchCORSConfiguration 404",
    );
    const block = { BlockPublicAcls: true, RestrictPublicBuckets: true };
    await client.send(
      new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: block }),
    );
    const stored = await client.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(stored.PublicAccessBlockConfiguration).toEqual(block);
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" as const } }];
    await client.send(
      new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }),
    );
    const encryption = await client.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(encryption.ServerSideEncryptionConfiguration?.Rules).toEqual(Rules);
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect((await client.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy);
    const notification = await client.send(
      new GetBucketNotificationConfigurationCommand({ Bucket }),
    );
    expect(notification.EventBridgeConfiguration).toEqual({});
  });

  it("refuse sub-resources and notifications that are not known, and change nothing", async () => {
    const { client } = await s3ForTest();
    await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "old" }));
    const unknown = "NotImplemented 501";
    expect(await failure(client.send(new GetBucketAclCommand({ Bucket })))).toBe(unknown);
    expect(await failure(client.send(new ListObjectsCommand({ Bucket })))).toBe(unknown);
    const acl = new PutObjectAclCommand({ Bucket, Key: "k", ACL: "public-read" });
    expect(await failure(client.send(acl))).toBe(unknown);
    const attributes = new GetObjectAttributesCommand({
      Bucket,
      Key: "k",
      ObjectAttributes: ["ETag"],
    });
    expect(await failure(client.send(attributes))).toBe(unknown);
    const queue = new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: {
        QueueConfigurations: [{ QueueArn: "arn:aws:sqs:x", Events: ["s3:ObjectCreated:*"] }],
      },
    });
    expect(await failure(client.send(queue))).toBe(unknown);
    const listed = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(listed.Contents?.map((one) => one.Size)).toEqual([3]);
  });
});

describe("CORS", () => {
  const Origin = "https://app.example";
  async function corsBucket() {
    const s3 = await s3ForTest();
    await s3.client.send(
      new PutBucketCorsCommand({
        Bucket,
        CORSConfiguration: {
          CORSRules: [
            {
              AllowedOrigins: [Origin, "https://*.preview.example"],
              AllowedMethods: ["POST", "PUT"],
              AllowedHeaders: ["content-type", "x-amz-*"],
              ExposeHeaders: ["ETag", "Location"],
              MaxAgeSeconds: 600,
            },
          ],
        },
      }),
    );
    const preflight = (origin: string, method: string, headers = "content-type") =>
      fetch(`${s3.url}/photos/k`, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": method,
          "access-control-request-headers": headers,
        },
      });
    return { ...s3, preflight };
  }

  it("answers preflights for exactly the configured origins, methods and headers", async () => {
    const { preflight } = await corsBucket();
    const allowed = await preflight(Origin, "PUT", "Content-Type, X-Amz-Date");
    expect(allowed.status).toBe(200);
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      "access-control-allow-origin": Origin,
      "access-control-allow-methods": "POST, PUT",
      "access-control-allow-headers": "content-type, x-amz-date",
      "access-control-expose-headers": "ETag, Location",
      "access-control-max-age": "600",
    });
    expect((await preflight("https://1.preview.example", "POST")).status).toBe(200);
    const refused = "AccessForbidden 403";
    expect(await errorOf(await preflight("https://app.example.evil", "PUT"))).toBe(refused);
    expect(await errorOf(await preflight("http://app.example", "PUT"))).toBe(refused);
    expect(await errorOf(await preflight(Origin, "DELETE"))).toBe(refused);
    expect(await errorOf(await preflight(Origin, "PUT", "authorization"))).toBe(refused);
  });

  it("lets scripts of allowed origins read forms' answers and errors, and no others", async () => {
    const { client } = await corsBucket();
    const { url, fields } = await createPresignedPost(client, { Bucket, Key: "k" });
    const post = (origin: string, extra: Record<string, string> = {}) => {
      const form = new FormData();
      for (const [name, value] of Object.entries({ ...fields, ...extra })) form.append(name, value);
      form.append("file", new Blob(["x"]));
      return fetch(url, { method: "POST", body: form, headers: { origin } });
    };
    const stored = await post(Origin);
    expect(stored.status).toBe(204);
    expect(stored.headers.get("access-control-allow-origin")).toBe(Origin);
    const refused = await post(Origin, { key: "other" });
    expect(refused.status).toBe(403);
    expect(refused.headers.get("access-control-allow-origin")).toBe(Origin);
    const foreign = await post("https://evil.example");
    expect(foreign.headers.has("access-control-allow-origin")).toBe(false);
  });
});

describe("lifecycle", () => {
  it("expires objects, removes old versions and aborts stale uploads when their day has come", async () => {
    const start = Date.now();
    let now = start;
    const s3 = await s3ForTest({ versioned: true, now: () => now });
    await s3.client.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: [
            {
              Status: "Enabled",
              Filter: { Prefix: "tmp/" },
              Expiration: { Days: 1 },
              NoncurrentVersionExpiration: { NoncurrentDays: 1 },
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            },
            { Status: "Disabled", Filter: { Prefix: "" }, Expiration: { Days: 1 } },
          ],
        },
      }),
    );
    for (const Key of ["tmp/a", "keep"]) {
      await s3.client.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
      await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    }
    const nothing = { expired: 0, noncurrentRemoved: 0, markersRemoved: 0, uploadsAborted: 0 };
    expect(s3.sweepLifecycle(now + DAY - 1)).toEqual(nothing);
    now += 2 * DAY;
    expect(s3.sweepLifecycle(now)).toEqual({ ...nothing, expired: 1, uploadsAborted: 1 });
    expect(s3.sweepLifecycle(now)).toEqual(nothing);
    await expect
      .poll(() => s3.events.at(-1)?.detail)
      .toMatchObject({
        reason: "Lifecycle Expiration",
        "deletion-type": "Delete Marker Created",
        requester: "s3.amazonaws.com",
      });
    now += 3 * DAY;
    expect(s3.sweepLifecycle(now)).toEqual({ ...nothing, noncurrentRemoved: 1 });
    expect(s3.sweepLifecycle(now)).toEqual({ ...nothing, markersRemoved: 1 });
    // The SDK signs with the machine's clock.
    now = start;
    const versions = await s3.client.send(new ListObjectVersionsCommand({ Bucket }));
    expect(versions.Versions?.map((one) => one.Key)).toEqual(["keep"]);
    expect(versions.DeleteMarkers).toBeUndefined();
    const uploads = await s3.client.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(uploads.Uploads?.map((one) => one.Key)).toEqual(["keep"]);
  });
});
