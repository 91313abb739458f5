import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { S3Event } from "./events.ts";
import { startS3 } from "./server.ts";
import { CREDENTIAL, clientFor, presigningClient, temporaryFolder } from "./testing.ts";

const Bucket = "photos";
const MIB = 1024 ** 2;

async function childS3(dataDir: string) {
  const child = fork(join(import.meta.dirname, "crash-child.ts"), [dataDir, "never"], {
    execArgv: ["--expose-gc"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [{ url }] = (await once(child, "message")) as [{ url: string }];
  const client = clientFor(url);
  await client.send(new CreateBucketCommand({ Bucket }));
  await client.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    }),
  );
  return { child, url, client };
}

/** The bytes that it cannot let go of now. */
async function held(child: ChildProcess): Promise<number> {
  child.send("held");
  const [bytes] = await once(child, "message");
  return bytes as number;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

function beginPut(url: string): ClientRequest {
  const put = request(url, { method: "PUT", headers: { "content-length": 1000 } });
  // The connection breaks when the server is killed: that is the point.
  put.on("error", () => undefined);
  put.write("half of the new bytes");
  return put;
}

describe("a kill -9", () => {
  it("loses no answered object and no event, and leaves the old object when it hits a PUT", async () => {
    const dataDir = await temporaryFolder();
    const first = await childS3(dataDir);
    await first.client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "old" }));
    const url = await getSignedUrl(
      presigningClient(first.url),
      new PutObjectCommand({ Bucket, Key: "k" }),
    );
    beginPut(url);
    await expect.poll(async () => (await readdir(join(dataDir, "blobs"))).length).toBe(2);
    await kill(first.child);

    const events: S3Event[] = [];
    const server = await startS3({
      dataDir,
      credentials: [CREDENTIAL],
      emit: async (event) => void events.push(event),
    });
    onTestFinished(() => server.close());
    const again = clientFor(server.url);
    const got = await again.send(new GetObjectCommand({ Bucket, Key: "k" }));
    expect(await got.Body?.transformToString()).toBe("old");
    expect(events.map((event) => [event.detail.object.key, event.detail.object.size])).toEqual([
      ["k", 3],
    ]);
    expect(await readdir(join(dataDir, "blobs"))).toHaveLength(1);
  });
});

interface Sent {
  method: string;
  type: string;
  megabytes: number;
  head?: string;
  tail?: string;
  /** Called when all but the last megabyte has been taken. */
  beforeLast: () => Promise<void>;
}

/** Sends `megabytes` of a stream between `head` and `tail`, and answers the status. */
async function upload(url: string, options: Sent): Promise<number | undefined> {
  const { method, type, megabytes, head = "", tail = "", beforeLast } = options;
  const length = head.length + megabytes * MIB + tail.length;
  const sending = request(url, {
    method,
    headers: { "content-type": type, "content-length": length },
  });
  const answered = once(sending, "response");
  const chunk = Buffer.alloc(MIB, "x");
  const body = async function* () {
    yield Buffer.from(head);
    for (let sent = 1; sent < megabytes; sent += 1) yield chunk;
    await beforeLast();
    yield chunk;
    yield Buffer.from(tail);
  };
  await pipeline(Readable.from(body()), sending);
  const [response] = (await answered) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

describe("large objects", () => {
  it("stream: PUT of 200 MB, form and download of 105 MB hold nothing of that size", async () => {
    const { child, client, url: origin } = await childS3(await temporaryFolder());
    await client.send(new PutObjectCommand({ Bucket, Key: "warm", Body: Buffer.alloc(MIB) }));
    const before = await held(child);
    let looks = 0;
    const look = async () => {
      looks += 1;
      // The collector may need more than one go; what is really held stays, for the rest is not sent meanwhile.
      await vi.waitFor(
        async () => expect((await held(child)) - before).toBeLessThan(20 * MIB),
        5000,
      );
    };
    const put = await getSignedUrl(
      presigningClient(origin),
      new PutObjectCommand({ Bucket, Key: "put" }),
    );
    const plain = { method: "PUT", type: "image/png", megabytes: 200 };
    expect(await upload(put, { ...plain, beforeLast: look })).toBe(200);
    const { url, fields } = await createPresignedPost(client, { Bucket, Key: "form" });
    const head = Object.entries({ ...fields, file: "" })
      .map(
        ([name, value]) => `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}`,
      )
      .join("\r\n");
    const form = { method: "POST", type: "multipart/form-data; boundary=B", megabytes: 105 };
    expect(await upload(url, { ...form, head, tail: "\r\n--B--\r\n", beforeLast: look })).toBe(204);

    const got = await client.send(new GetObjectCommand({ Bucket, Key: "form" }));
    let received = 0;
    for await (const piece of got.Body as Readable) {
      // Once in the middle: what a reader has not taken yet stays on the disk.
      if (received < 50 * MIB && received + piece.length >= 50 * MIB) await look();
      received += piece.length;
    }
    expect(received).toBe(105 * MIB);
    expect(looks).toBe(3);
  });
});
