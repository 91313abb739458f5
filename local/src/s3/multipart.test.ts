import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { failure, presigningClient, s3ForTest } from "./testing.ts";

const MIB = 1024 ** 2;
const object = { Bucket: "photos", Key: "big" };
const first = Buffer.alloc(5 * MIB, "a");
const second = Buffer.alloc(100, "b");
const base64 = (bytes: Buffer) => bytes.toString("base64");
const hash = (algorithm: string, data: Buffer) => createHash(algorithm).update(data).digest();

function crc32Of(data: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(data));
  return bytes;
}

async function uploadForTest(options: { checksums?: "SHA256" | "CRC32 whole" } = {}) {
  const s3 = await s3ForTest({ versioned: true });
  const client = options.checksums ? s3.client : presigningClient(s3.url);
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({
      ...object,
      ContentType: "image/png",
      Metadata: { a: "1" },
      ...(options.checksums === "SHA256" ? { ChecksumAlgorithm: "SHA256" } : {}),
      ...(options.checksums === "CRC32 whole"
        ? { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" }
        : {}),
    }),
  );
  const ChecksumAlgorithm = options.checksums === "SHA256" ? "SHA256" : undefined;
  const upload = { ...object, UploadId };
  const part = (PartNumber: number, Body: Buffer) =>
    client.send(new UploadPartCommand({ ...upload, PartNumber, Body, ChecksumAlgorithm }));
  const complete = (Parts: CompletedPart[], extra: object = {}) =>
    client.send(
      new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...extra }),
    );
  return { s3, client, upload, part, complete };
}

describe("a multipart upload", () => {
  it("becomes one object with a composite ETag, and a repeated completion answers the same", async () => {
    const { s3, client, upload, part, complete } = await uploadForTest();
    await part(2, Buffer.from("replaced"));
    const two = await part(2, second);
    const one = await part(1, first);
    const unused = await part(7, second);
    expect(unused.ETag).toBe(two.ETag);
    const listed = await client.send(new ListPartsCommand({ ...upload, MaxParts: 1 }));
    expect(listed).toMatchObject({ IsTruncated: true, NextPartNumberMarker: "1" });
    const rest = await client.send(new ListPartsCommand({ ...upload, PartNumberMarker: "1" }));
    expect(rest.Parts?.map((p) => [p.PartNumber, p.Size])).toEqual([
      [2, 100],
      [7, 100],
    ]);
    const parts = [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ];
    const done = await complete(parts);
    const expected = createHash("md5")
      .update(Buffer.concat([hash("md5", first), hash("md5", second)]))
      .digest("hex");
    expect(done.ETag).toBe(`"${expected}-2"`);
    const again = await complete(parts);
    expect([again.ETag, again.VersionId]).toEqual([done.ETag, done.VersionId]);
    expect(await failure(complete(parts.slice(0, 1)))).toBe("NoSuchUpload 404");
    expect(await failure(part(3, second))).toBe("NoSuchUpload 404");

    const Range = `bytes=${5 * MIB - 2}-${5 * MIB + 1}`;
    const got = await client.send(new GetObjectCommand({ ...object, Range }));
    expect(await got.Body?.transformToString()).toBe("aabb");
    expect(got).toMatchObject({ ContentType: "image/png", Metadata: { a: "1" } });
    const whole = await client.send(new GetObjectCommand(object));
    const bytes = Buffer.from((await whole.Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(Buffer.concat([first, second]))).toBe(true);
    expect(s3.events.map((event) => event.detail.reason)).toEqual(["CompleteMultipartUpload"]);
    expect(s3.events[0]?.detail.object.size).toBe(5 * MIB + 100);
    await expect.poll(async () => (await readdir(join(s3.dataDir, "blobs"))).length).toBe(2);
  });

  it("refuses wrong, unordered, missing and too small parts, and stays open", async () => {
    const { part, complete } = await uploadForTest();
    const small = await part(1, second);
    const two = await part(2, second);
    const [a, b] = [
      { PartNumber: 1, ETag: small.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ];
    expect(await failure(complete([a, b]))).toBe("EntityTooSmall 400");
    expect(await failure(complete([b, a]))).toBe("InvalidPartOrder 400");
    expect(await failure(complete([a, a]))).toBe("InvalidPartOrder 400");
    expect(await failure(complete([{ ...a, ETag: '"x"' }]))).toBe("InvalidPart 400");
    expect(await failure(complete([{ ...a, PartNumber: 3 }]))).toBe("InvalidPart 400");
    expect(await failure(complete([]))).toBe("MalformedXML 400");
    expect(await failure(complete([a], { MpuObjectSize: 99 }))).toBe("InvalidRequest 400");
    expect(await failure(part(10_001, second))).toBe("InvalidArgument 400");
    expect(await failure(complete([a], { MpuObjectSize: 100 }))).toBe("no failure");
  });

  it("carries composite SHA256 checksums and demands them of every part", async () => {
    const { client, upload, part, complete } = await uploadForTest({ checksums: "SHA256" });
    const bare = new UploadPartCommand({ ...upload, PartNumber: 1, Body: second });
    expect(await failure(client.send(bare))).toBe("InvalidRequest 400");
    const one = await part(1, second);
    const parts = [{ PartNumber: 1, ETag: one.ETag }];
    expect(await failure(complete(parts))).toBe("InvalidRequest 400");
    const wrong = hash("sha256", first).toString("base64");
    expect(
      await failure(complete([{ PartNumber: 1, ETag: one.ETag, ChecksumSHA256: wrong }])),
    ).toBe("InvalidPart 400");
    const done = await complete([
      { PartNumber: 1, ETag: one.ETag, ChecksumSHA256: one.ChecksumSHA256 },
    ]);
    const composite = `${hash("sha256", hash("sha256", second)).toString("base64")}-1`;
    expect(done.ChecksumSHA256).toBe(composite);
    const head = await client.send(new HeadObjectCommand({ ...object, ChecksumMode: "ENABLED" }));
    expect(head).toMatchObject({ ChecksumSHA256: composite, ChecksumType: "COMPOSITE" });
  });

  it("takes no part with a checksum of another algorithm than it was begun with, in a header or a trailer", async () => {
    const { s3, client, upload } = await uploadForTest({ checksums: "SHA256" });
    const send = (more: object) =>
      client.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: second, ...more }));
    const said = await send({ ChecksumCRC32: base64(crc32Of(second)) }).catch(String);
    expect(said).toContain("expected checksum Type: sha256, actual checksum Type: crc32");
    expect(await failure(send({ ChecksumAlgorithm: "SHA1" }))).toBe("InvalidRequest 400");
    const Body = Readable.from([second]);
    const trailing = send({ Body, ContentLength: second.length, ChecksumAlgorithm: "CRC32" });
    expect(await failure(trailing)).toBe("InvalidRequest 400");
    const wrong = send({ ChecksumSHA256: base64(hash("sha256", first)) });
    expect(await failure(wrong)).toBe("BadDigest 400");
    expect((await client.send(new ListPartsCommand(upload))).Parts).toBeUndefined();
    expect(await readdir(join(s3.dataDir, "blobs"))).toEqual([]);
  });

  it("that was begun without an algorithm takes parts with any checksum that is right", async () => {
    const { client, upload, part, complete } = await uploadForTest();
    const send = (more: object) =>
      client.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: second, ...more }));
    expect(await failure(send({ ChecksumSHA1: base64(hash("sha1", first)) }))).toBe(
      "BadDigest 400",
    );
    await send({ ChecksumSHA1: base64(hash("sha1", second)) });
    await send({ ChecksumCRC32: base64(crc32Of(second)) });
    const { ETag } = await part(1, second);
    const named = { PartNumber: 1, ETag };
    // What was not kept can't be compared.
    expect(await failure(complete([{ ...named, ChecksumCRC32: base64(crc32Of(second)) }]))).toBe(
      "InvalidPart 400",
    );
    expect(await failure(complete([named]))).toBe("no failure");
  });

  it("is not completed with checksums of another algorithm, neither of parts nor of the whole", async () => {
    const { part, complete } = await uploadForTest({ checksums: "SHA256" });
    const { ETag, ChecksumSHA256 } = await part(1, second);
    const named = { PartNumber: 1, ETag, ChecksumSHA256 };
    const crc = base64(crc32Of(second));
    for (const [more, whole, expected] of [
      [{ ChecksumSHA256: undefined, ChecksumCRC32: crc }, {}, "InvalidPart 400"],
      [{ ChecksumCRC32: crc }, {}, "InvalidArgument 400"],
      [{ ChecksumSHA256: "no base64!" }, {}, "InvalidArgument 400"],
      [{}, { ChecksumCRC32: crc }, "InvalidRequest 400"],
      [{}, { ChecksumSHA256: base64(hash("sha256", second)) }, "BadDigest 400"],
    ] as const) {
      expect(await failure(complete([{ ...named, ...more }], whole))).toBe(expected);
    }
    const ofAll = base64(hash("sha256", hash("sha256", second)));
    expect(await failure(complete([named], { ChecksumSHA256: ofAll }))).toBe("no failure");
    const plain = await uploadForTest();
    const { ETag: only } = await plain.part(1, second);
    const parts = [{ PartNumber: 1, ETag: only }];
    const declared = plain.complete(parts, { ChecksumCRC32: crc });
    expect(await declared.catch(String)).toContain("expected checksum Type: null, actual");
  });

  it("works with the SDK's default checksums, which its creation does not name", async () => {
    const { client } = await s3ForTest();
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(object));
    const upload = { ...object, UploadId };
    const { ETag } = await client.send(
      new UploadPartCommand({ ...upload, PartNumber: 1, Body: first }),
    );
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const done = await client.send(
      new CompleteMultipartUploadCommand({ ...upload, MultipartUpload }),
    );
    expect(done.ETag).toMatch(/-1"$/);
  });

  it("combines the parts' CRC32 into that of the whole object", async () => {
    const { part, complete } = await uploadForTest({ checksums: "CRC32 whole" });
    const one = await part(1, first);
    const two = await part(2, second);
    const done = await complete([
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ]);
    expect(done.ChecksumCRC32).toBe(base64(crc32Of(Buffer.concat([first, second]))));
  });

  it("is downloaded to its end although it is deleted meanwhile, and then its files go", async () => {
    const { s3, client, part, complete } = await uploadForTest();
    // More than the sockets between server and client hold: the last part is opened after the delete.
    const long = Buffer.alloc(16 * MIB, "a");
    const parts = [await part(1, long), await part(2, second)];
    const { VersionId } = await complete(
      parts.map(({ ETag }, index) => ({ PartNumber: index + 1, ETag })),
    );
    const got = await client.send(new GetObjectCommand(object));
    await client.send(new DeleteObjectCommand({ ...object, VersionId }));
    expect(await failure(client.send(new GetObjectCommand(object)))).toBe("NoSuchKey 404");
    const bytes = await got.Body?.transformToByteArray();
    expect(bytes?.length).toBe(long.length + second.length);
    await expect.poll(() => readdir(join(s3.dataDir, "blobs"))).toEqual([]);
  });

  it("leaves nothing behind when it is aborted", async () => {
    const { s3, client, upload, part } = await uploadForTest();
    await part(1, second);
    const listed = await client.send(new ListMultipartUploadsCommand({ Bucket: "photos" }));
    expect(listed.Uploads?.map((one) => one.UploadId)).toEqual([upload.UploadId]);
    const copy = new UploadPartCopyCommand({ ...upload, PartNumber: 1, CopySource: "photos/x" });
    expect(await failure(client.send(copy))).toBe("NotImplemented 501");
    await client.send(new AbortMultipartUploadCommand(upload));
    await expect.poll(() => readdir(join(s3.dataDir, "blobs"))).toEqual([]);
    expect(await failure(client.send(new AbortMultipartUploadCommand(upload)))).toBe(
      "NoSuchUpload 404",
    );
    expect(await failure(client.send(new ListPartsCommand(upload)))).toBe("NoSuchUpload 404");
  });
});
