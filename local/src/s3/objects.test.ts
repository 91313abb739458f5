import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { CREDENTIAL, failure, s3ForTest } from "./testing.ts";

const Bucket = "photos";
const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("base64");
const md5 = (data: string) => createHash("md5").update(data).digest("base64");

describe("PutObject and GetObject", () => {
  it("give back bytes, headers, metadata and checksum as they were stored", async () => {
    const { client } = await s3ForTest();
    const put = await client.send(
      new PutObjectCommand({
        Bucket,
        Key: "a/b c+d%é.txt",
        Body: "hello",
        ContentType: "text/plain",
        CacheControl: "max-age=1",
        Metadata: { colour: "blue" },
        ChecksumSHA256: sha256("hello"),
      }),
    );
    expect(put.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
    const got = await client.send(
      new GetObjectCommand({ Bucket, Key: "a/b c+d%é.txt", ChecksumMode: "ENABLED" }),
    );
    expect(await got.Body?.transformToString()).toBe("hello");
    expect(got).toMatchObject({
      ContentType: "text/plain",
      CacheControl: "max-age=1",
      ContentLength: 5,
      Metadata: { colour: "blue" },
      ChecksumSHA256: sha256("hello"),
      ChecksumType: "FULL_OBJECT",
      ETag: put.ETag,
    });
  });

  it("decode the aws-chunked streams with trailing checksums that the SDK sends", async () => {
    const { client } = await s3ForTest();
    const Body = Readable.from([Buffer.alloc(70_000, "a"), Buffer.alloc(70_000, "b")]);
    await client.send(
      new PutObjectCommand({ Bucket, Key: "stream", Body, ContentLength: 140_000 }),
    );
    const head = await client.send(
      new HeadObjectCommand({ Bucket, Key: "stream", ChecksumMode: "ENABLED" }),
    );
    const expected = Buffer.alloc(4);
    expected.writeUInt32BE(crc32(`${"a".repeat(70_000)}${"b".repeat(70_000)}`));
    expect(head.ContentLength).toBe(140_000);
    expect(head.ChecksumCRC32).toBe(expected.toString("base64"));
    expect(head.ContentEncoding).toBeUndefined();
  });

  it("refuse a body that is not what its digests say, and keep the old object", async () => {
    const { client } = await s3ForTest();
    const put = (extra: object) =>
      failure(client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "new", ...extra })));
    expect(await put({ Body: "old" })).toBe("no failure");
    expect(await put({ ChecksumSHA256: sha256("other") })).toBe("BadDigest 400");
    expect(await put({ ChecksumSHA1: "AAAA" })).toBe("InvalidRequest 400");
    expect(await put({ ChecksumCRC32: "AAAAAA==" })).toBe("BadDigest 400");
    expect(await put({ ContentMD5: md5("other") })).toBe("BadDigest 400");
    expect(await put({ ContentMD5: "bad" })).toBe("InvalidDigest 400");
    const got = await client.send(new GetObjectCommand({ Bucket, Key: "k" }));
    expect(await got.Body?.transformToString()).toBe("old");
  });

  it("serve ranges and refuse those beyond the end", async () => {
    const { client } = await s3ForTest();
    await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "0123456789" }));
    const read = async (Range: string) => {
      const got = await client.send(new GetObjectCommand({ Bucket, Key: "k", Range }));
      return `${await got.Body?.transformToString()} ${got.ContentRange}`;
    };
    expect(await read("bytes=2-4")).toBe("234 bytes 2-4/10");
    expect(await read("bytes=7-")).toBe("789 bytes 7-9/10");
    expect(await read("bytes=-2")).toBe("89 bytes 8-9/10");
    expect(await read("bytes=8-100")).toBe("89 bytes 8-9/10");
    expect(await failure(read("bytes=10-"))).toBe("InvalidRange 416");
    expect(await failure(read("bytes=0-1,3-4"))).toBe("NotImplemented 501");
  });

  it("honour conditions on reads and writes", async () => {
    const { client } = await s3ForTest();
    const put = (extra: object) =>
      client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", ...extra }));
    const get = (extra: object) =>
      failure(client.send(new GetObjectCommand({ Bucket, Key: "k", ...extra })));
    expect(await failure(put({ IfMatch: '"x"' }))).toBe("NoSuchKey 404");
    const { ETag } = await put({ IfNoneMatch: "*" });
    expect(await failure(put({ IfNoneMatch: "*" }))).toBe("PreconditionFailed 412");
    expect(await failure(put({ IfMatch: '"x"' }))).toBe("PreconditionFailed 412");
    expect(await failure(put({ IfMatch: ETag }))).toBe("no failure");
    expect(await get({ IfMatch: '"x"' })).toBe("PreconditionFailed 412");
    expect(await get({ IfNoneMatch: ETag })).toMatch(/ 304$/);
    expect(await get({ IfModifiedSince: new Date(Date.now() + 60_000) })).toMatch(/ 304$/);
    expect(await get({ IfUnmodifiedSince: new Date(0) })).toBe("PreconditionFailed 412");
  });

  it("let one of many conditional creations of a key win", async () => {
    const { client } = await s3ForTest();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        failure(
          client.send(
            new PutObjectCommand({ Bucket, Key: "k", Body: `body ${n}`, IfNoneMatch: "*" }),
          ),
        ),
      ),
    );
    expect(outcomes.filter((one) => one === "no failure")).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(["no failure", "PreconditionFailed 412"]));
  });

  it("refuse what they cannot do instead of ignoring it", async () => {
    const { client } = await s3ForTest();
    const put = (extra: object) =>
      failure(client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", ...extra })));
    expect(await put({ WebsiteRedirectLocation: "/x" })).toBe("NotImplemented 501");
    expect(await put({ ServerSideEncryption: "aws:kms" })).toBe("NotImplemented 501");
    expect(await put({ StorageClass: "DEEP_ARCHIVE" })).toBe("NotImplemented 501");
    expect(await put({ ChecksumAlgorithm: "CRC32C" })).toBe("NotImplemented 501");
    expect(await put({ ACL: "public-read" })).toBe("AccessControlListNotSupported 400");
    expect(await put({ Metadata: { big: "x".repeat(2100) } })).toBe("MetadataTooLarge 400");
    expect(await put({ Key: "k".repeat(1025) })).toBe("KeyTooLongError 400");
    expect(await put({ Bucket: "nowhere" })).toBe("NoSuchBucket 404");
    expect(
      await failure(client.send(new GetObjectCommand({ Bucket, Key: "k", PartNumber: 1 }))),
    ).toBe("NotImplemented 501");
    const head = client.send(new HeadObjectCommand({ Bucket, Key: "k" }));
    expect(await failure(head)).toBe("NotFound 404");
  });

  it("know only the configured keys and region", async () => {
    const { url } = await s3ForTest();
    const attempt = (extra: object) => {
      const client = new S3Client({
        endpoint: url,
        region: "us-east-1",
        credentials: CREDENTIAL,
        forcePathStyle: true,
        ...extra,
      });
      return failure(client.send(new GetObjectCommand({ Bucket, Key: "k" })));
    };
    const other = { accessKeyId: "other", secretAccessKey: "other" };
    expect(await attempt({ credentials: other })).toBe("InvalidAccessKeyId 403");
    expect(await attempt({ credentials: { ...CREDENTIAL, secretAccessKey: "x" } })).toBe(
      "SignatureDoesNotMatch 403",
    );
    expect(await attempt({ credentials: { ...CREDENTIAL, sessionToken: "x" } })).toBe(
      "InvalidToken 400",
    );
    expect(await attempt({ region: "eu-west-1" })).toBe("AuthorizationHeaderMalformed 400");
  });
});

describe("versions", () => {
  it("keep what was overwritten and deleted", async () => {
    const { client } = await s3ForTest({ versioned: true });
    const first = await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "one" }));
    const second = await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "two" }));
    const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(marker.DeleteMarker).toBe(true);
    const read = async (VersionId?: string) => {
      const got = await client.send(
        new GetObjectCommand({ Bucket, Key: "k", ...(VersionId ? { VersionId } : {}) }),
      );
      return got.Body?.transformToString();
    };
    expect(await failure(read())).toBe("NoSuchKey 404");
    expect(await failure(read(marker.VersionId))).toBe("MethodNotAllowed 405");
    expect(await failure(read("bad"))).toBe("InvalidArgument 400");
    expect(await failure(read("x".repeat(32)))).toBe("NoSuchVersion 404");
    expect(await read(first.VersionId)).toBe("one");
    await client.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: marker.VersionId }));
    expect(await read()).toBe("two");
    await client.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: second.VersionId }));
    expect(await read()).toBe("one");
  });

  it("are listed newest first, page by page", async () => {
    const { client } = await s3ForTest({ versioned: true });
    for (const Key of ["a", "a", "b/1", "b/2", "c"]) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    }
    await client.send(new DeleteObjectCommand({ Bucket, Key: "c" }));
    const seen: string[] = [];
    let KeyMarker: string | undefined;
    let VersionIdMarker: string | undefined;
    do {
      const page = await client.send(
        new ListObjectVersionsCommand({
          Bucket,
          MaxKeys: 1,
          Delimiter: "/",
          KeyMarker,
          VersionIdMarker,
        }),
      );
      seen.push(
        ...(page.Versions ?? []).map((one) => `${one.Key}${one.IsLatest ? "*" : ""}`),
        ...(page.DeleteMarkers ?? []).map((one) => `-${one.Key}${one.IsLatest ? "*" : ""}`),
        ...(page.CommonPrefixes ?? []).map((one) => `${one.Prefix}`),
      );
      KeyMarker = page.NextKeyMarker;
      VersionIdMarker = page.NextVersionIdMarker;
    } while (KeyMarker);
    expect(seen).toEqual(["a*", "a", "b/", "-c*", "c"]);
  });
});

describe("listing", () => {
  it("rolls up common prefixes and pages without losing or repeating anything", async () => {
    const { client } = await s3ForTest();
    const keys = ["a", "b/1", "b/2", "b/3", "c", "d/x/1", "d/y", "é &<"];
    for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    for (const MaxKeys of [1, 2, 3, 1000]) {
      for (const [Delimiter, expected] of [
        [undefined, keys],
        ["/", ["a", "b/", "c", "d/", "é &<"]],
      ] as const) {
        const seen: string[] = [];
        let ContinuationToken: string | undefined;
        do {
          const page = await client.send(
            new ListObjectsV2Command({ Bucket, MaxKeys, Delimiter, ContinuationToken }),
          );
          const found = [...(page.Contents ?? []), ...(page.CommonPrefixes ?? [])];
          expect(found.length).toBe(page.KeyCount);
          seen.push(
            ...found.map(
              (one) => ("Key" in one ? one.Key : "Prefix" in one ? one.Prefix : "") ?? "",
            ),
          );
          ContinuationToken = page.NextContinuationToken;
        } while (ContinuationToken);
        expect(seen.sort()).toEqual([...expected].sort());
      }
    }
    const some = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: "b/", StartAfter: "b/1", EncodingType: "url" }),
    );
    expect(some.Contents?.map((one) => one.Key)).toEqual(["b/2", "b/3"]);
  });
});

describe("DeleteObjects, CopyObject and tags", () => {
  it("delete many keys at once, and twice is no error", async () => {
    const { client } = await s3ForTest();
    for (const Key of ["a", "b"])
      await client.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    const Objects = [{ Key: "a" }, { Key: "b" }, { Key: "never" }];
    const answer = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(answer.Deleted?.map((one) => one.Key)).toEqual(["a", "b", "never"]);
    const left = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(left.KeyCount).toBe(0);
  });

  it("copy with or without the source's metadata, and the copy outlives its source", async () => {
    const { client } = await s3ForTest();
    await client.send(
      new PutObjectCommand({
        Bucket,
        Key: "a b",
        Body: "x",
        ContentType: "image/png",
        Metadata: { m: "1" },
      }),
    );
    const CopySource = "photos/a%20b";
    await client.send(new CopyObjectCommand({ Bucket, Key: "same", CopySource }));
    await client.send(
      new CopyObjectCommand({
        Bucket,
        Key: "new",
        CopySource,
        MetadataDirective: "REPLACE",
        ContentType: "text/plain",
      }),
    );
    await client.send(new DeleteObjectCommand({ Bucket, Key: "a b" }));
    const same = await client.send(new GetObjectCommand({ Bucket, Key: "same" }));
    expect(same).toMatchObject({ ContentType: "image/png", Metadata: { m: "1" } });
    expect(await same.Body?.transformToString()).toBe("x");
    const changed = await client.send(new HeadObjectCommand({ Bucket, Key: "new" }));
    expect(changed).toMatchObject({ ContentType: "text/plain", Metadata: {} });
    const itself = new CopyObjectCommand({ Bucket, Key: "same", CopySource: "photos/same" });
    expect(await failure(client.send(itself))).toBe("InvalidRequest 400");
  });

  it("store and replace tags", async () => {
    const { client } = await s3ForTest();
    await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", Tagging: "a=1&b=2" }));
    const tags = async () =>
      (await client.send(new GetObjectTaggingCommand({ Bucket, Key: "k" }))).TagSet;
    expect(await tags()).toEqual([
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ]);
    const TagSet = [{ Key: "c", Value: "<3>" }];
    await client.send(new PutObjectTaggingCommand({ Bucket, Key: "k", Tagging: { TagSet } }));
    expect(await tags()).toEqual(TagSet);
  });
});
