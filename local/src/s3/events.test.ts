import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import type { S3Event } from "./events.ts";
import { startS3 } from "./server.ts";
import { CREDENTIAL, clientFor, s3ForTest, temporaryFolder } from "./testing.ts";

const Bucket = "photos";

describe("events", () => {
  it("tell of creations and deletions in EventBridge's documented shape", async () => {
    const { client, events } = await s3ForTest({
      versioned: true,
    });
    const put = await client.send(new PutObjectCommand({ Bucket, Key: "a b/ü", Body: "hello" }));
    await client.send(
      new CopyObjectCommand({ Bucket, Key: "copy", CopySource: "photos/a%20b/%C3%BC" }),
    );
    const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: "a b/ü" }));
    const gone = { Bucket, Key: "a b/ü", VersionId: put.VersionId };
    await client.send(new DeleteObjectCommand(gone));
    await client.send(new DeleteObjectCommand(gone));
    expect(events).toHaveLength(4);
    const [created, copied, marked, removed] = events;
    expect(created).toEqual({
      source: "aws.s3",
      detailType: "Object Created",
      resources: ["arn:aws:s3:::photos"],
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      detail: {
        version: "0",
        bucket: { name: "photos" },
        object: {
          key: "a b/ü",
          size: 5,
          etag: "5d41402abc4b2a76b9719d911017c592",
          "version-id": put.VersionId,
          sequencer: expect.stringMatching(/^[0-9a-f]{16}$/),
        },
        "request-id": expect.any(String),
        requester: "000000000000",
        "source-ip-address": "127.0.0.1",
        reason: "PutObject",
      },
    });
    expect(copied?.detail.reason).toBe("CopyObject");
    expect(marked).toMatchObject({
      detailType: "Object Deleted",
      detail: {
        object: { "version-id": marker.VersionId },
        reason: "DeleteObject",
        "deletion-type": "Delete Marker Created",
      },
    });
    expect(removed?.detail).toMatchObject({
      object: { "version-id": put.VersionId },
      "deletion-type": "Permanently Deleted",
    });
    const sequencers = events.map((event) => event.detail.object.sequencer);
    expect(sequencers).toEqual([...sequencers].sort());
  });

  it("come only from buckets that have EventBridge enabled", async () => {
    const { client, events } = await s3ForTest();
    await client.send(new CreateBucketCommand({ Bucket: "quiet" }));
    await client.send(new PutObjectCommand({ Bucket: "quiet", Key: "k", Body: "x" }));
    await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
    expect(events.map((event) => event.detail.bucket.name)).toEqual([Bucket]);
    expect(events[0]?.detail.object).not.toHaveProperty("version-id");
  });

  it("are tried again until they are taken, one stuck event holding up no other", async () => {
    const attempts: string[] = [];
    const warned: string[] = [];
    const { client } = await s3ForTest({
      logger: {
        warn: (_, message) => void warned.push(message),
        error: (_, message) => void warned.push(message),
      },
      async emit(event) {
        attempts.push(event.detail.object.key);
        const refused = event.detail.object.key === "stuck" && attempts.length < 4;
        if (refused) throw new Error("the bus is down");
      },
    });
    await client.send(new PutObjectCommand({ Bucket, Key: "stuck", Body: "x" }));
    await client.send(new PutObjectCommand({ Bucket, Key: "other", Body: "x" }));
    await expect.poll(() => attempts).toEqual(["stuck", "other", "stuck", "stuck"]);
    expect(warned).toHaveLength(2);
  });

  it("that nobody took are delivered after a restart, once", async () => {
    const dataDir = await temporaryFolder();
    const never = () => new Promise<void>(() => undefined);
    const before = await s3ForTest({ dataDir, emit: never });
    await before.client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
    await before.close();
    const restart = async () => {
      const events: S3Event[] = [];
      const server = await startS3({
        dataDir,
        credentials: [CREDENTIAL],
        emit: async (event) => void events.push(event),
      });
      const client = clientFor(server.url);
      await client.send(new PutObjectCommand({ Bucket, Key: "later", Body: "x" }));
      await expect.poll(() => events.some((one) => one.detail.object.key === "later")).toBe(true);
      await server.close();
      return events.map((one) => one.detail.object.key);
    };
    expect(await restart()).toEqual(["k", "later"]);
    expect(await restart()).toEqual(["later"]);
  });
});
