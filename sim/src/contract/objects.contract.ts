import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { createPostForms } from "@shoebox/upload/adapters/post-forms";
import { describe, expect, it } from "vitest";

/** An empty bucket that keeps versions. */
export interface BucketUnderTest {
  client: S3Client;
  Bucket: string;
  now(): number;
  /** Posts a form as a browser does; the status, and the code of an error. */
  post(fields: Record<string, string>, file: Buffer): Promise<{ status: number; code?: string }>;
}

const MEGABYTE = 1024 ** 2;
const MINUTE = 60_000;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("base64");
const status = (error: unknown) =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

/** What the services rely on in a bucket. */
export function describeBuckets(kind: string, open: () => Promise<BucketUnderTest>): void {
  async function opened() {
    const bucket = await open();
    const { client, Bucket } = bucket;
    return {
      ...bucket,
      put: (Key: string, Body: string, more: Partial<PutObjectCommandInput> = {}) =>
        client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(Body), ...more })),
      async get(Key: string, more: { VersionId?: string; Range?: string } = {}) {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
        return Body?.transformToString();
      },
      async versions(more: object = {}) {
        const answer = await client.send(new ListObjectVersionsCommand({ Bucket, ...more }));
        return { ...answer, Versions: answer.Versions ?? [] };
      },
    };
  }

  describe(`an object (${kind})`, () => {
    it("is kept in every version, each of which can be had", async () => {
      const { client, Bucket, put, get } = await opened();
      const metadata = { ContentType: "image/png", Metadata: { "correlation-id": "c" } };
      const first = await put("a", "one", metadata);
      const second = await put("a", "two!");
      expect(await get("a")).toBe("two!");
      expect(await get("a", { VersionId: first.VersionId })).toBe("one");
      const head = new HeadObjectCommand({ Bucket, Key: "a", VersionId: first.VersionId });
      expect(await client.send(head)).toMatchObject({
        ContentLength: 3,
        ContentType: "image/png",
        ETag: first.ETag,
        Metadata: { "correlation-id": "c" },
        VersionId: first.VersionId,
      });
      expect(second.VersionId).not.toBe(first.VersionId);
    });

    it("is read in part, and not from behind its end", async () => {
      const { put, get } = await opened();
      await put("a", "0123456789");
      expect(await get("a", { Range: "bytes=2-4" })).toBe("234");
      expect(await get("a", { Range: "bytes=8-99" })).toBe("89");
      const behind = await get("a", { Range: "bytes=10-12" }).catch(status);
      expect(behind).toBe(416);
    });

    it("is not there before it is put, nor behind a delete marker", async () => {
      const { client, Bucket, put, get } = await opened();
      const head = (VersionId?: string) =>
        client.send(new HeadObjectCommand({ Bucket, Key: "a", VersionId })).catch(status);
      expect(await head()).toBe(404);
      await expect(get("a")).rejects.toMatchObject({ name: "NoSuchKey" });
      const { VersionId } = await put("a", "one");
      const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
      expect(marker.DeleteMarker).toBe(true);
      expect(await head()).toBe(404);
      await expect(get("a")).rejects.toMatchObject({ name: "NoSuchKey" });
      expect(await head(marker.VersionId)).toBe(405);
      expect(await get("a", { VersionId })).toBe("one");
    });

    it("is put only where there is none, if that is asked for", async () => {
      const { put } = await opened();
      await put("a", "one", { IfNoneMatch: "*" });
      expect(await put("a", "two", { IfNoneMatch: "*" }).catch(status)).toBe(412);
    });

    it("is gone without a trace when all of its versions are deleted", async () => {
      const { client, Bucket, put, versions } = await opened();
      await put("a", "one");
      await put("a", "two");
      await client.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
      await put("b", "other");
      const { Versions, DeleteMarkers = [] } = await versions({ Prefix: "a" });
      expect([Versions.length, DeleteMarkers.length]).toEqual([2, 1]);
      const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({
        Key,
        VersionId,
      }));
      await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
      expect((await versions()).Versions.map(({ Key }) => Key)).toEqual(["b"]);
    });

    it("is listed, key by key, the newest version first, page by page", async () => {
      const { client, Bucket, put, versions } = await opened();
      for (const body of ["1", "22"]) for (const key of ["b", "a"]) await put(key, body);
      const seen: unknown[] = [];
      let from: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
      while (from) {
        const page = await versions({ MaxKeys: 3, ...from });
        seen.push(...page.Versions.map(({ Key, Size, IsLatest }) => [Key, Size, IsLatest]));
        from = page.IsTruncated
          ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
          : undefined;
      }
      const expected = ["a", "b"].flatMap((key) => [
        [key, 2, true],
        [key, 1, false],
      ]);
      expect(seen).toEqual(expected);
      const first = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 }));
      const ContinuationToken = first.NextContinuationToken;
      const second = await client.send(new ListObjectsV2Command({ Bucket, ContinuationToken }));
      const keys = [first, second].map(({ Contents }) => Contents?.map(({ Key }) => Key));
      expect([keys, second.IsTruncated]).toEqual([[["a"], ["b"]], false]);
    });
  });

  describe(`an object in parts (${kind})`, () => {
    async function begun() {
      const bucket = await opened();
      const { client, Bucket } = bucket;
      const Key = "big";
      const create = new CreateMultipartUploadCommand({
        Bucket,
        Key,
        ContentType: "image/jpeg",
        ChecksumAlgorithm: "SHA256",
      });
      const { UploadId } = await client.send(create);
      const named = { Bucket, Key, UploadId };
      return {
        ...bucket,
        named,
        async part(PartNumber: number, Body: Buffer) {
          const ChecksumSHA256 = sha256(Body);
          const { ETag } = await client.send(
            new UploadPartCommand({ ...named, PartNumber, Body, ChecksumSHA256 }),
          );
          return { PartNumber, ETag, ChecksumSHA256 };
        },
        complete: (Parts: object[]) =>
          client.send(new CompleteMultipartUploadCommand({ ...named, MultipartUpload: { Parts } })),
      };
    }
    const large = Buffer.alloc(5 * MEGABYTE, "l");
    const small = Buffer.from("the end");

    it("is there as a whole when it is completed, with the checksum of its checksums", async () => {
      const { client, named, part, complete } = await begun();
      const parts = [await part(2, small), await part(1, large)];
      const listed = await client.send(new ListPartsCommand(named));
      expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
        [1, large.length],
        [2, small.length],
      ]);
      const { VersionId } = await complete(parts.toReversed());
      const { Bucket, Key } = named;
      const head = await client.send(
        new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }),
      );
      const digests = [large, small].map((one) => createHash("sha256").update(one).digest());
      expect(head).toMatchObject({
        ContentLength: large.length + small.length,
        ContentType: "image/jpeg",
        ChecksumSHA256: `${sha256(Buffer.concat(digests))}-2`,
        ETag: expect.stringMatching(/-2"$/),
        VersionId,
      });
      await expect(client.send(new ListPartsCommand(named))).rejects.toMatchObject({
        name: "NoSuchUpload",
      });
    });

    it("is refused when a part is too small, or not the one that was sent", async () => {
      const { part, complete } = await begun();
      const parts = [await part(1, small), await part(2, small)];
      await expect(complete(parts)).rejects.toMatchObject({ name: "EntityTooSmall" });
      const [first] = parts;
      const other = { ...first, ETag: '"00000000000000000000000000000000"' };
      await expect(complete([other])).rejects.toMatchObject({ name: "InvalidPart" });
    });

    it("leaves nothing when it is called off", async () => {
      const { client, Bucket, named, part, versions } = await begun();
      await part(1, small);
      const open = async () =>
        (await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? [];
      expect((await open()).map(({ Key }) => Key)).toEqual(["big"]);
      await client.send(new AbortMultipartUploadCommand(named));
      expect([await open(), (await versions()).Versions]).toEqual([[], []]);
      const again = client.send(new AbortMultipartUploadCommand(named));
      await expect(again).rejects.toMatchObject({ name: "NoSuchUpload" });
    });
  });

  describe(`a form (${kind})`, () => {
    const file = Buffer.from("a picture");
    async function signed(sum: string | undefined, until = 5 * MINUTE) {
      const bucket = await opened();
      const { client, Bucket, now } = bucket;
      const forms = await createPostForms(client, Bucket);
      const object = {
        key: "originals/a",
        contentType: "image/png" as const,
        size: file.length,
        correlationId: "c",
        sha256: sum,
      };
      const { fields } = await forms.sign(object, now() - MINUTE, now() + until);
      return { ...bucket, fields };
    }

    it("takes what it was signed for, as often as it is sent, and every time as a new version", async () => {
      const { post, fields, versions, get } = await signed(sha256(file));
      expect(await post(fields, file)).toEqual({ status: 201 });
      expect(await post(fields, file)).toEqual({ status: 201 });
      expect((await versions()).Versions).toHaveLength(2);
      expect(await get("originals/a")).toBe(file.toString());
    });

    it("takes nothing else", async () => {
      const { post, fields, versions } = await signed(sha256(file));
      const other = Buffer.from("b picture");
      const larger = Buffer.concat([file, file]);
      expect(await post(fields, larger)).toEqual({ status: 400, code: "EntityTooLarge" });
      expect(await post(fields, file.subarray(1))).toEqual({ status: 400, code: "EntityTooSmall" });
      expect((await post(fields, other)).status).toBe(400);
      expect((await post({ ...fields, key: "originals/b" }, file)).status).toBe(403);
      expect((await post({ ...fields, "Content-Type": "text/html" }, file)).status).toBe(403);
      expect((await versions()).Versions).toEqual([]);
    });

    it("takes nothing when its time is up", async () => {
      const { post, fields } = await signed(undefined, -1_000);
      expect((await post(fields, file)).status).toBe(403);
    });
  });
}
