import { createHash, createHmac } from "node:crypto";
import { GetObjectCommand, PutObjectCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { describe, expect, it } from "vitest";
import { CREDENTIAL, errorOf, presigningClient, s3ForTest, type TestS3 } from "./testing.ts";

const object = { Bucket: "photos", Key: "a b/ü.jpg" };
describe("presigned URLs", () => {
  it("upload and download within their time, and answer AccessDenied after it", async () => {
    let offset = 0;
    const s3 = await s3ForTest({ now: () => Date.now() + offset });
    const client = presigningClient(s3.url);
    const put = await getSignedUrl(client, new PutObjectCommand(object), { expiresIn: 60 });
    const get = await getSignedUrl(client, new GetObjectCommand(object), { expiresIn: 60 });
    expect((await fetch(put, { method: "PUT", body: "bytes" })).status).toBe(200);
    expect(await (await fetch(get)).text()).toBe("bytes");
    offset = 61_000;
    expect(await errorOf(await fetch(get))).toBe("AccessDenied 403");
    offset = -16 * 60_000;
    expect(await errorOf(await fetch(get))).toBe("AccessDenied 403");
  });

  it("are worth nothing when any part of them is changed", async () => {
    const s3 = await s3ForTest();
    const client = presigningClient(s3.url);
    const url = new URL(
      await getSignedUrl(client, new GetObjectCommand(object), { expiresIn: 60 }),
    );
    const attempt = async (change: (url: URL) => void, init: RequestInit = {}) => {
      const changed = new URL(url);
      change(changed);
      return errorOf(await fetch(changed, init));
    };
    const set = (name: string, value: string) => (u: URL) => u.searchParams.set(name, value);
    const remove = (name: string) => (u: URL) => u.searchParams.delete(name);
    const wrong = "SignatureDoesNotMatch 403";
    expect(await attempt(() => undefined)).toBe("NoSuchKey 404");
    expect(
      await attempt((u) => {
        u.pathname += "x";
      }),
    ).toBe(wrong);
    expect(await attempt(set("X-Amz-Expires", "3600"))).toBe(wrong);
    expect(await attempt(set("versionId", "null"))).toBe(wrong);
    expect(await attempt(() => undefined, { method: "DELETE" })).toBe(wrong);
    expect(await attempt(set("X-Amz-Expires", "604801"))).toBe(
      "AuthorizationQueryParametersError 400",
    );
    expect(await attempt(remove("X-Amz-Expires"))).toBe("AuthorizationQueryParametersError 400");
    expect(await attempt(remove("X-Amz-Signature"))).toBe("AuthorizationQueryParametersError 400");
    expect(await attempt(() => undefined, { headers: { "x-amz-meta-a": "1" } })).toBe(
      "AccessDenied 403",
    );
    expect(
      await attempt((u) => {
        u.search = "";
      }),
    ).toBe("AccessDenied 403");
  });

  it("override response headers, in ISO-8859-1 only", async () => {
    const s3 = await s3ForTest();
    await s3.client.send(new PutObjectCommand({ ...object, Body: "x" }));
    const fetched = async (ResponseContentDisposition: string) =>
      fetch(
        await getSignedUrl(
          s3.client,
          new GetObjectCommand({ ...object, ResponseContentDisposition }),
        ),
      );
    const answer = await fetched('attachment; filename="a.jpg"');
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="a.jpg"');
    expect(await errorOf(await fetched('attachment; filename="猫"'))).toBe("InvalidArgument 400");
    expect(await errorOf(await fetched("a\r\nset-cookie: b"))).toBe("InvalidArgument 400");
  });

  it("for parts made with default checksums are broken, as on S3", async () => {
    const s3 = await s3ForTest();
    const part = new UploadPartCommand({ ...object, UploadId: "x", PartNumber: 1 });
    const url = await getSignedUrl(s3.client, new PutObjectCommand(object));
    expect(await errorOf(await fetch(url, { method: "PUT", body: "bytes" }))).toBe("BadDigest 400");
    const partUrl = await getSignedUrl(presigningClient(s3.url), part);
    expect(await errorOf(await fetch(partUrl, { method: "PUT", body: "b" }))).toBe(
      "NoSuchUpload 404",
    );
  });
});

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string) =>
  createHmac("sha256", key).update(data).digest();

/** An independent signer, after the text of the documentation, for what the SDK does not send. */
function signed(
  s3: TestS3,
  path: string,
  payload: string,
  time = Date.now(),
  extra: Record<string, string> = {},
) {
  const amzDate = new Date(time).toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${amzDate.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const headers: Record<string, string> = {
    host: new URL(s3.url).host,
    "x-amz-content-sha256": payload,
    "x-amz-date": amzDate,
    ...extra,
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    "PUT",
    path,
    "",
    ...names.map((name) => `${name}:${headers[name]}`),
    "",
    names.join(";"),
    payload,
  ];
  const key = scope
    .split("/")
    .reduce<string | Buffer>(hmac, `AWS4${CREDENTIAL.secretAccessKey}`) as Buffer;
  const signature = hmac(
    key,
    ["AWS4-HMAC-SHA256", amzDate, scope, sha256(canonical.join("\n"))].join("\n"),
  ).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${CREDENTIAL.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  const { host: _, ...sent } = headers;
  return { headers: { ...sent, authorization }, key, scope, amzDate, signature };
}

describe("signed headers", () => {
  it("are refused when the clocks differ by more than 15 minutes", async () => {
    const s3 = await s3ForTest();
    const put = async (time: number) => {
      const { headers } = signed(s3, "/photos/k", sha256("x"), time);
      return fetch(`${s3.url}/photos/k`, { method: "PUT", body: "x", headers });
    };
    expect((await put(Date.now() - 14 * 60_000)).status).toBe(200);
    expect(await errorOf(await put(Date.now() - 16 * 60_000))).toBe("RequestTimeTooSkewed 403");
    expect(await errorOf(await put(Date.now() + 16 * 60_000))).toBe("RequestTimeTooSkewed 403");
  });

  it("bind the body, and every x-amz header", async () => {
    const s3 = await s3ForTest();
    const { headers } = signed(s3, "/photos/k", sha256("x"));
    const put = async (body: string, extra: Record<string, string> = {}) =>
      errorOf(
        await fetch(`${s3.url}/photos/k`, {
          method: "PUT",
          body,
          headers: { ...headers, ...extra },
        }),
      );
    expect(await put("y")).toBe("XAmzContentSHA256Mismatch 400");
    expect(await put("x", { "x-amz-meta-a": "1" })).toBe("AccessDenied 403");
    expect(await put("x", { authorization: "Bearer x" })).toBe("InvalidArgument 400");
    expect(await errorOf(await fetch(`${s3.url}/photos/k`, { method: "PUT", body: "x" }))).toBe(
      "AccessDenied 403",
    );
    expect(await errorOf(await fetch(`${s3.url}/photos/k`))).toBe("AccessDenied 403");
  });

  it("bind every chunk and the trailer of a signed stream", async () => {
    const s3 = await s3ForTest();
    const chunks = ["a".repeat(8192), "b".repeat(100), ""];
    const checksum = createHash("sha256").update(chunks.join("")).digest("base64");
    const put = async (tamper: (body: string) => string) => {
      const { headers, key, scope, amzDate, signature } = signed(
        s3,
        "/photos/k",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        Date.now(),
        { "x-amz-decoded-content-length": "8292", "x-amz-trailer": "x-amz-checksum-sha256" },
      );
      let previous = signature;
      const sign = (kind: string, hashes: string[]) => {
        const text = [`AWS4-HMAC-SHA256-${kind}`, amzDate, scope, previous, ...hashes].join("\n");
        previous = hmac(key, text).toString("hex");
        return previous;
      };
      const pieces = chunks.map((chunk) => {
        const chunkSignature = sign("PAYLOAD", [sha256(""), sha256(chunk)]);
        return `${chunk.length.toString(16)};chunk-signature=${chunkSignature}\r\n${chunk}${chunk && "\r\n"}`;
      });
      const trailer = `x-amz-checksum-sha256:${checksum}`;
      const end = `${trailer}\r\nx-amz-trailer-signature:${sign("TRAILER", [sha256(`${trailer}\n`)])}\r\n\r\n`;
      const body = tamper(pieces.join("") + end);
      return fetch(`${s3.url}/photos/k`, { method: "PUT", body, headers });
    };
    expect((await put((body) => body)).status).toBe(200);
    expect(
      await errorOf(await put((body) => body.replace("aab", "aac").replace("bbb", "bcb"))),
    ).toBe("SignatureDoesNotMatch 403");
    expect(
      await errorOf(await put((body) => body.replace(checksum, sha256("").slice(0, 44)))),
    ).toBe("SignatureDoesNotMatch 403");
    expect(await errorOf(await put((body) => body.slice(0, 5000)))).toBe("IncompleteBody 400");
    const got = await s3.client.send(new GetObjectCommand({ Bucket: "photos", Key: "k" }));
    expect(await got.Body?.transformToString()).toBe(chunks.join(""));
  });
});
