import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { createPresignedPost, type PresignedPostOptions } from "@aws-sdk/s3-presigned-post";
import { describe, expect, it } from "vitest";
import { errorOf, s3ForTest, type TestS3 } from "./testing.ts";

const BODY = "the picture";
const sha256 = createHash("sha256").update(BODY).digest("base64");

type Fields = Record<string, string>;

const presign = (s3: TestS3, options: Partial<PresignedPostOptions> = {}) =>
  createPresignedPost(s3.client, {
    Bucket: "photos",
    Key: "in/1.jpg",
    Expires: 300,
    Conditions: [["content-length-range", 1, 20]],
    Fields: { "Content-Type": "image/jpeg", "x-amz-checksum-sha256": sha256 },
    ...options,
  });

function form(fields: Fields, body: string | Buffer = BODY, fileName = "c.jpg"): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append("file", new Blob([Buffer.from(body)]), fileName);
  return data;
}

const send = (url: string, body: FormData, headers: Fields = {}) =>
  fetch(url, { method: "POST", body, headers, redirect: "manual" });

async function nothingStored(s3: TestS3): Promise<void> {
  const listed = await s3.client.send(new ListObjectsV2Command({ Bucket: "photos" }));
  expect(listed.KeyCount).toBe(0);
  expect(await readdir(join(s3.dataDir, "blobs"))).toEqual([]);
  expect(s3.events).toEqual([]);
}

describe("a POST form", () => {
  it("that keeps to its policy is stored with type, metadata and checksum, and answers 204", async () => {
    const s3 = await s3ForTest({ versioned: true });
    const { url, fields } = await presign(s3, {
      Fields: {
        "Content-Type": "image/jpeg",
        "x-amz-checksum-sha256": sha256,
        "x-amz-meta-owner": "ü",
      },
    });
    const response = await send(url, form(fields));
    expect(response.status).toBe(204);
    const VersionId = response.headers.get("x-amz-version-id") ?? "";
    expect(response.headers.get("etag")).toMatch(/^"[0-9a-f]{32}"$/);
    const got = await s3.client.send(
      new GetObjectCommand({
        Bucket: "photos",
        Key: "in/1.jpg",
        VersionId,
        ChecksumMode: "ENABLED",
      }),
    );
    expect(await got.Body?.transformToString()).toBe(BODY);
    expect(got).toMatchObject({ ContentType: "image/jpeg", ChecksumSHA256: sha256 });
    expect(got.Metadata).toEqual({ owner: "=?UTF-8?B?w7w=?=" });
    expect(s3.events.map((event) => event.detail.reason)).toEqual(["POST Object"]);
  });

  it("answers with the status or the redirect that its fields ask for", async () => {
    const s3 = await s3ForTest();
    const answer = async (extra: Fields) => {
      const { url, fields } = await presign(s3, { Fields: extra });
      return send(url, form(fields));
    };
    expect((await answer({ success_action_status: "200" })).status).toBe(200);
    expect((await answer({ success_action_status: "404" })).status).toBe(204);
    const created = await answer({ success_action_status: "201" });
    expect(created.status).toBe(201);
    expect(await created.text()).toContain("<PostResponse");
    const moved = await answer({ success_action_redirect: "https://app.example/done?x=1" });
    expect(moved.status).toBe(303);
    expect(moved.headers.get("location")).toContain("/done?x=1&bucket=photos&key=in%2F1.jpg&etag=");
  });

  it("puts the bare file name into a key that has the filename variable", async () => {
    const s3 = await s3ForTest();
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the literal text is S3's variable
    const { url, fields } = await presign(s3, { Key: "u/${filename}", Fields: {} });
    expect((await send(url, form(fields, BODY, "C:\\dir\\d/e.jpg"))).status).toBe(204);
    const head = await s3.client.send(new HeadObjectCommand({ Bucket: "photos", Key: "u/e.jpg" }));
    expect(head.ContentLength).toBe(BODY.length);
  });

  const without = (name: string) => (fields: Fields) => {
    const { [name]: _, ...rest } = fields;
    return rest;
  };
  const tamperings: [string, string, (fields: Fields) => Fields][] = [
    ["another key", "AccessDenied 403", (f) => ({ ...f, key: "in/2.jpg" })],
    ["another type", "AccessDenied 403", (f) => ({ ...f, "Content-Type": "text/html" })],
    ["no type", "AccessDenied 403", without("Content-Type")],
    ["no checksum", "AccessDenied 403", without("x-amz-checksum-sha256")],
    ["another bucket", "AccessDenied 403", (f) => ({ ...f, bucket: "other" })],
    ["an additional field", "AccessDenied 403", (f) => ({ ...f, "Cache-Control": "no-store" })],
    ["additional metadata", "AccessDenied 403", (f) => ({ ...f, "x-amz-meta-a": "1" })],
    [
      "a metadata field of another case",
      "AccessDenied 403",
      (f) => ({ ...f, "X-AMZ-META-A": "1" }),
    ],
    ["a field twice", "InvalidArgument 400", (f) => ({ ...f, Key: "in/2.jpg" })],
    [
      "another date",
      "AuthorizationHeaderMalformed 400",
      (f) => ({ ...f, "X-Amz-Date": "20200101T000000Z" }),
    ],
    [
      "another signature",
      "SignatureDoesNotMatch 403",
      (f) => ({ ...f, "X-Amz-Signature": "0".repeat(64) }),
    ],
    ["no signature", "InvalidArgument 400", without("X-Amz-Signature")],
    ["no policy", "AccessDenied 403", without("Policy")],
    ["another algorithm", "InvalidArgument 400", (f) => ({ ...f, "X-Amz-Algorithm": "none" })],
    [
      "an unknown signer",
      "InvalidAccessKeyId 403",
      (f) => ({
        ...f,
        "X-Amz-Credential": (f["X-Amz-Credential"] ?? "").replace("AKIALOCAL", "AKIAOTHER"),
      }),
    ],
    [
      "a stretched policy",
      "SignatureDoesNotMatch 403",
      (f) => ({
        ...f,
        Policy: Buffer.from(
          Buffer.from(f.Policy ?? "", "base64")
            .toString()
            .replace(",1,20]", ",1,999]"),
        ).toString("base64"),
      }),
    ],
  ];
  it.each(tamperings)("with %s is refused and stores nothing", async (_, expected, tamper) => {
    const s3 = await s3ForTest();
    const { url, fields } = await presign(s3);
    const changed = tamper(fields);
    expect(changed).not.toEqual(fields);
    expect(await errorOf(await send(url, form(changed)))).toBe(expected);
    await nothingStored(s3);
  });

  it("is refused when its policy has expired", async () => {
    let offset = 0;
    const s3 = await s3ForTest({ now: () => Date.now() + offset });
    const { url, fields } = await presign(s3);
    offset = 301_000;
    expect(await errorOf(await send(url, form(fields)))).toBe("AccessDenied 403");
    await nothingStored(s3);
  });

  it("is refused when the bytes are not those of the checksum", async () => {
    const s3 = await s3ForTest();
    const { url, fields } = await presign(s3);
    expect(await errorOf(await send(url, form(fields, "another one")))).toBe("BadDigest 400");
    await nothingStored(s3);
  });

  it("cannot smuggle headers into the answers of downloads", async () => {
    const s3 = await s3ForTest();
    const { url, fields } = await presign(s3, {
      Key: "k",
      Fields: {},
      Conditions: [["starts-with", "$Content-Type", "image/"]],
    });
    const smuggling = form({ ...fields, "Content-Type": "image/png\r\nSet-Cookie: a=b" });
    expect(await errorOf(await send(url, smuggling))).toBe("InvalidArgument 400");
    await nothingStored(s3);
  });

  it("holds starts-with conditions", async () => {
    const s3 = await s3ForTest();
    const { url, fields } = await presign(s3, {
      Key: "k",
      Fields: {},
      Conditions: [["starts-with", "$Content-Type", "image/"]],
    });
    const status = async (type: string) =>
      (await send(url, form({ ...fields, "Content-Type": type }))).status;
    expect(await status("image/png")).toBe(204);
    expect(await status("image/png,image/gif")).toBe(204);
    expect(await status("text/html")).toBe(403);
    expect(await status("image/png,text/html")).toBe(403);
  });

  it("lets the client read why its file is too small or far too large", async () => {
    const s3 = await s3ForTest();
    const { url, fields } = await presign(s3, { Fields: {} });
    expect(await errorOf(await send(url, form(fields, "")))).toBe("EntityTooSmall 400");
    const large = Buffer.alloc(8 * 1024 * 1024);
    expect(await errorOf(await send(url, form(fields, large)))).toBe("EntityTooLarge 400");
    await nothingStored(s3);
  });

  it("that is cut off or malformed stores nothing", async () => {
    const s3 = await s3ForTest();
    const { url, fields } = await presign(s3, { Fields: {} });
    const parts = Object.entries(fields).map(
      ([name, value]) =>
        `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const file = '--B\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n';
    const post = (body: string, type = "multipart/form-data; boundary=B") =>
      fetch(url, { method: "POST", body, headers: { "content-type": type } });
    const whole = parts.join("") + file;
    expect(await errorOf(await post(`${whole}bytes`))).toBe("MalformedPOSTRequest 400");
    expect(await errorOf(await post(`${parts.join("")}--B--\r\n`))).toBe("InvalidArgument 400");
    expect(await errorOf(await post("x", "text/plain"))).toBe("PreconditionFailed 412");
    const huge = `--B\r\nContent-Disposition: form-data; name="x"\r\n\r\n${"x".repeat(30_000)}\r\n`;
    expect(await errorOf(await post(huge + whole))).toBe("MaxPostPreDataLengthExceeded 400");
    const socket = beginForm(s3.port, `${whole}${"b".repeat(10)}`);
    await expect.poll(() => readdir(join(s3.dataDir, "blobs"))).toHaveLength(1);
    socket.destroy();
    await expect.poll(() => readdir(join(s3.dataDir, "blobs"))).toEqual([]);
    await nothingStored(s3);
    expect((await post(`${whole}bytes\r\n--B--\r\n`)).status).toBe(204);
  });
});

/** Sends the beginning of a form that promises more; the caller hangs up. */
function beginForm(port: number, body: string): Socket {
  const head = [
    "POST /photos HTTP/1.1",
    "Host: x",
    "Content-Type: multipart/form-data; boundary=B",
    "Content-Length: 100000",
  ];
  const socket = connect(port, "127.0.0.1");
  socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  return socket;
}
