import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { newImageId } from "@shoebox/shared/ids";
import { rememberingLog } from "@shoebox/shared/log.testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GRACE, keyOf, type SessionRef, type Upload } from "../domain/session.ts";
import { takeIn } from "../take-in.ts";
import {
  DONE,
  deliver,
  FAILED,
  jpeg,
  sendForm,
  startUploads,
  type Uploads,
} from "../upload.testkit.ts";
import { onObjectCreated } from "./object-created.ts";

let uploads: Uploads;
beforeAll(async () => {
  uploads = await startUploads();
});
afterAll(() => uploads.close());
beforeEach(() => {
  uploads.clock.ahead = 0;
});

interface Begun extends SessionRef {
  key: string;
  send(bytes: Uint8Array): Promise<void>;
}

/** Begins an upload of Ann's; `send` sends its form. */
async function begin(body: object = {}): Promise<Begun> {
  const answer = await uploads.call("ann", "POST", "/v1/uploads", {
    contentType: "image/jpeg",
    size: 1000,
    ...body,
  });
  const form = answer.body;
  return {
    ownerId: "ann",
    imageId: form.imageId,
    key: form.fields.key,
    send: async (bytes) => expect((await sendForm(form, bytes)).status).toBe(201),
  };
}

const session = (ref: SessionRef) => uploads.deps.sessions.load(ref, uploads.deps.now());
const arrive = async (key: string, count = 1, deps = uploads.deps) =>
  deliver(onObjectCreated(deps), await uploads.reported(key, count));
/** Puts an object there as no form would: what a verification must not rely on the form for. */
const put = (key: string, Body: Uint8Array, ContentType = "image/jpeg") =>
  uploads.objects.send(
    new PutObjectCommand({ Bucket: uploads.bucket, Key: key, Body, ContentType }),
  );

describe("an object that arrives", () => {
  it("makes the upload uploaded, pinned to the version that was verified", async () => {
    const upload = await begin();
    await upload.send(jpeg(1000));
    expect(await arrive(upload.key)).toEqual(DONE);
    const [versionId] = await uploads.versions(upload.key);
    expect(await session(upload)).toMatchObject({
      status: "uploaded",
      bucket: "originals",
      versionId,
    });
  });

  it("is compared with the announced checksum that S3 computed", async () => {
    const bytes = jpeg(1000, 3);
    const digest = await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes));
    const upload = await begin({ sha256: Buffer.from(digest).toString("hex") });
    await upload.send(bytes);
    await arrive(upload.key);
    expect((await session(upload))?.status).toBe("uploaded");

    const other = await begin({ sha256: Buffer.from(digest).toString("hex") });
    await put(other.key, jpeg(1000, 4));
    await arrive(other.key);
    expect(await session(other)).toMatchObject({ reason: { code: "checksum-mismatch" } });
    expect(await uploads.versions(other.key)).toEqual([]);
  });

  it.each<[string, string, Buffer, string]>([
    ["a GIF under the name of a JPEG", "type-mismatch", gif(), "image/jpeg"],
    ["a script under the name of a JPEG", "type-mismatch", html(), "image/jpeg"],
    ["too few bytes", "size-mismatch", jpeg(10), "image/jpeg"],
    ["no bytes at all", "size-mismatch", Buffer.alloc(0), "image/jpeg"],
    ["another Content-Type", "content-type-mismatch", jpeg(1000), "text/html"],
  ])("is rejected and deleted when it is %s", async (_, code, bytes, contentType) => {
    const upload = await begin();
    await put(upload.key, bytes, contentType);
    expect(await arrive(upload.key)).toEqual(DONE);
    expect(await session(upload)).toMatchObject({ status: "rejected", reason: { code } });
    expect(await uploads.versions(upload.key)).toEqual([]);
  });

  it("may be a PNG or a WebP, however long the PNG's metadata is", async () => {
    for (const profile of [10, 4000, 4050, 4051, 4090, 100_000]) {
      const bytes = png(profile);
      const upload = await begin({ contentType: "image/png", size: bytes.length });
      await upload.send(bytes);
      await arrive(upload.key);
      expect([profile, (await session(upload))?.status]).toEqual([profile, "uploaded"]);
    }
    const bytes = Buffer.from("RIFF\x1c\0\0\0WEBPVP8 aaaaaaaaaaaaaaaaaaaa");
    const upload = await begin({ contentType: "image/webp", size: bytes.length });
    await upload.send(bytes);
    await arrive(upload.key);
    expect((await session(upload))?.status).toBe("uploaded");
  });

  it("is deleted on redelivery when the process died between the rejection and the deletion", async () => {
    const upload = await begin();
    await put(upload.key, gif());
    const dying = {
      ...uploads.deps,
      originals: {
        ...uploads.deps.originals,
        discard: () => Promise.reject(new Error("the process died")),
      },
    };
    expect(await arrive(upload.key, 1, dying)).toEqual(FAILED);
    expect((await session(upload))?.status).toBe("rejected");
    expect(await uploads.versions(upload.key)).toHaveLength(1);

    expect(await arrive(upload.key)).toEqual(DONE);
    expect(await session(upload)).toMatchObject({ reason: { code: "type-mismatch" } });
    expect(await uploads.versions(upload.key)).toEqual([]);
  });

  it("changes nothing when it is reported twice", async () => {
    const upload = await begin();
    await upload.send(jpeg(1000));
    await arrive(upload.key);
    const before = await session(upload);
    expect(await arrive(upload.key)).toEqual(DONE);
    expect(await session(upload)).toEqual(before);
    expect(await uploads.versions(upload.key)).toHaveLength(1);
  });

  it("is deleted when the form is sent a second time, and the first stays what is served", async () => {
    const upload = await begin();
    await upload.send(jpeg(1000, 1));
    await arrive(upload.key);
    const [first] = await uploads.versions(upload.key);
    await upload.send(jpeg(1000, 2));
    expect(await arrive(upload.key, 2)).toEqual(DONE);
    expect(await uploads.versions(upload.key)).toEqual([first]);
    expect(await session(upload)).toMatchObject({ status: "uploaded", versionId: first });
  });

  it("is one of two that arrive at the same time", async () => {
    const upload = await begin();
    await upload.send(jpeg(1000, 1));
    await upload.send(jpeg(1000, 2));
    const answers = await Promise.all([arrive(upload.key, 1), arrive(upload.key, 2)]);
    expect(answers).toEqual([DONE, DONE]);
    const versions = await uploads.versions(upload.key);
    expect(versions).toHaveLength(1);
    expect(await session(upload)).toMatchObject({ status: "uploaded", versionId: versions[0] });
  });

  it("is deleted when the upload was aborted, also while the object was looked at", async () => {
    const early = await begin();
    await early.send(jpeg(1000));
    await uploads.call("ann", "DELETE", `/v1/uploads/${early.imageId}`);
    await arrive(early.key);
    expect(await uploads.versions(early.key)).toEqual([]);

    const upload = await begin();
    await upload.send(jpeg(1000));
    const { originals } = uploads.deps;
    const racing = {
      ...uploads.deps,
      originals: {
        ...originals,
        inspect: async (key: string, versionId: string) => {
          const found = await originals.inspect(key, versionId);
          await uploads.call("ann", "DELETE", `/v1/uploads/${upload.imageId}`);
          return found;
        },
      },
    };
    expect(await arrive(upload.key, 1, racing)).toEqual(DONE);
    expect((await session(upload))?.status).toBe("aborted");
    expect(await uploads.versions(upload.key)).toEqual([]);
  });

  it("is never deleted by a process that misread it while another one accepted it", async () => {
    const upload = await begin();
    await upload.send(jpeg(1000));
    const { originals } = uploads.deps;
    const misreading = {
      ...uploads.deps,
      originals: {
        ...originals,
        inspect: async () => {
          await arrive(upload.key);
          return {
            arrivedAt: 0,
            size: 0,
            contentType: undefined,
            sha256: undefined,
            detectedType: undefined,
          };
        },
      },
    };
    expect(await arrive(upload.key, 1, misreading)).toEqual(DONE);
    expect((await session(upload))?.status).toBe("uploaded");
    expect(await uploads.versions(upload.key)).toHaveLength(1);
  });

  it("is accepted however late its event comes, also out of a dead-letter queue after two weeks", async () => {
    const upload = await begin();
    await upload.send(jpeg(1000));
    uploads.clock.ahead = 14 * 86_400_000;
    await arrive(upload.key);
    expect((await session(upload))?.status).toBe("uploaded");
    expect(await uploads.versions(upload.key)).toHaveLength(1);
  });

  it("is deleted when it came too late, and the upload stays what it was", async () => {
    const now = uploads.deps.now();
    const imageId = newImageId(now);
    const late: Upload = {
      ownerId: "ann",
      imageId,
      contentType: "image/jpeg",
      size: 1000,
      tags: [],
      visibility: "private",
      expiresAt: now - GRACE - 2_000,
      correlationId: "request-1",
    };
    await uploads.deps.sessions.open([late], uploads.deps.quota);
    await put(keyOf(late), jpeg(1000));
    await arrive(keyOf(late));
    expect(await uploads.versions(keyOf(late))).toEqual([]);
    expect((await session(late))?.status).toBe("awaiting");
  });

  it("is deleted when the upload was ended as expired, forgotten or never begun", async () => {
    const upload = await begin();
    await upload.send(jpeg(1000));
    await uploads.end(upload, { status: "expired" });
    await arrive(upload.key);
    expect(await uploads.versions(upload.key)).toEqual([]);

    const stranger = upload.key.replace(
      /\/[^/]+\.jpg$/,
      "/0198c1a2-7b3c-7def-8123-456789abcdef.jpg",
    );
    await put(stranger, jpeg(1000));
    await arrive(stranger);
    expect(await uploads.versions(stranger)).toEqual([]);
  });

  it("is deleted when its image was deleted before", async () => {
    const upload = await begin();
    await upload.send(jpeg(1000));
    const deletion = { at: uploads.deps.now(), correlationId: "request-2" };
    await uploads.deps.sessions.confirmDeleted(upload, deletion);
    await arrive(upload.key);
    expect(await uploads.versions(upload.key)).toEqual([]);
    expect((await session(upload))?.status).toBe("deleted");
  });

  it("is counted once: as arrived, or as rejected with its reason", async () => {
    const count = async (bytes: Buffer) => {
      const upload = await begin();
      await put(upload.key, bytes);
      const { log, lines } = rememberingLog();
      const [versionId = ""] = await uploads.versions(upload.key);
      for (const _ of [1, 2]) {
        await takeIn(upload, { key: upload.key, versionId }, uploads.deps, log);
      }
      return lines.filter((line) => "_aws" in line);
    };
    expect(await count(jpeg(1000))).toEqual([expect.objectContaining({ UploadsArrived: 1 })]);
    expect(await count(gif())).toEqual([
      expect.objectContaining({ UploadsRejected: 1, reason: "type-mismatch" }),
    ]);
  });

  it("leaves the upload awaited when somebody removed it first, so that its form can be sent again", async () => {
    const upload = await begin();
    await upload.send(jpeg(1000));
    const event = await uploads.reported(upload.key);
    await uploads.objects.send(
      new DeleteObjectCommand({
        Bucket: uploads.bucket,
        Key: upload.key,
        VersionId: event.detail.object["version-id"],
      }),
    );
    expect(await arrive(upload.key)).toEqual(DONE);
    expect((await session(upload))?.status).toBe("awaiting");
    await upload.send(jpeg(1000));
    await arrive(upload.key, 2);
    expect((await session(upload))?.status).toBe("uploaded");
  });

  it("is left alone when no form can have sent it", async () => {
    await put("backups/table.json", Buffer.from("{}"));
    expect(await arrive("backups/table.json")).toEqual(DONE);
    expect(await uploads.versions("backups/table.json")).toHaveLength(1);
  });

  it("goes back to the queue when it is of another bucket, or of a bucket without versions", async () => {
    const upload = await begin();
    await upload.send(jpeg(1000));
    const event = await uploads.reported(upload.key);
    const { "version-id": _, ...object } = event.detail.object;
    const other = { ...event, detail: { ...event.detail, bucket: { name: "processed" } } };
    const unversioned = { ...event, detail: { ...event.detail, object } };
    expect(await deliver(onObjectCreated(uploads.deps), other)).toEqual(FAILED);
    expect(await deliver(onObjectCreated(uploads.deps), unversioned)).toEqual(FAILED);
    expect((await session(upload))?.status).toBe("awaiting");
  });
});

function gif(): Buffer {
  return Buffer.concat([Buffer.from("GIF89a"), Buffer.alloc(994)]);
}

function html(): Buffer {
  return Buffer.from("<script>alert(1)</script>".padEnd(1000));
}

/** A PNG that has a colour profile of so many bytes before its picture. */
function png(profile: number): Buffer {
  const chunk = (type: string, length: number) => {
    const bytes = Buffer.alloc(12 + length);
    bytes.writeUInt32BE(length);
    bytes.write(type, 4);
    return bytes;
  };
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", 13),
    chunk("iCCP", profile),
    chunk("IDAT", 20),
    chunk("IEND", 0),
  ]);
}
