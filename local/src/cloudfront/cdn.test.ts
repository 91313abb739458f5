import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type S3Server, startS3 } from "../s3/server.ts";
import { type LocalCdn, startCdn } from "./start-cdn.ts";

const credentials = { accessKeyId: "AKIALOCAL", secretAccessKey: "secret" };
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const bytes = Buffer.alloc(3_000_000, "shoebox ");
let dataDir: string;
let s3: S3Server;
let client: S3Client;
let cdn: LocalCdn;
let firstVersion: string;
let etag: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "cdn-"));
  s3 = await startS3({ dataDir, credentials: [credentials] });
  client = new S3Client({
    endpoint: s3.url,
    region: "us-east-1",
    credentials,
    forcePathStyle: true,
  });
  for (const Bucket of ["processed", "public"]) {
    await client.send(new CreateBucketCommand({ Bucket }));
    const VersioningConfiguration = { Status: "Enabled" as const };
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
  const put = (Bucket: string, Key: string, Body: Buffer) =>
    client.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body,
        ContentType: "image/webp",
        CacheControl: "max-age=60",
      }),
    );
  const first = await put("processed", "a/thumb.webp", Buffer.from("first"));
  firstVersion = first.VersionId ?? "";
  etag = (await put("processed", "a/thumb.webp", bytes)).ETag ?? "";
  await put("processed", "b/thumb.webp", bytes);
  await put("public", "open/a b.webp", Buffer.from("open"));
  cdn = await startCdn({
    s3: { endpoint: s3.url, region: "us-east-1", credentials },
    distribution: {
      publicKeys: [{ id: "K1", pem: publicKey.export({ type: "spki", format: "pem" }).toString() }],
      behaviors: [
        {
          pathPattern: "open/*",
          bucket: "public",
          signed: false,
          allowedQueryStrings: [],
          responseHeaders: {
            "X-Content-Type-Options": "nosniff",
            "Access-Control-Allow-Origin": "http://a.example, http://b.example",
            "Access-Control-Allow-Methods": "GET, HEAD",
          },
        },
        {
          pathPattern: "default",
          bucket: "processed",
          signed: true,
          allowedQueryStrings: ["versionId", "response-content-disposition"],
          responseHeaders: {
            "Content-Security-Policy": "sandbox",
            "X-Content-Type-Options": "nosniff",
          },
        },
      ],
    },
  });
});

afterAll(async () => {
  await cdn.close();
  client.destroy();
  await s3.close();
  await rm(dataDir, { recursive: true });
});

/** A custom policy for the whole distribution unless told otherwise, in ECDSA and SHA-256. */
function signed(path: string, resource = `${cdn.url}/*`): string {
  const Condition = { DateLessThan: { "AWS:EpochTime": Math.floor(Date.now() / 1000) + 60 } };
  const policy = Buffer.from(JSON.stringify({ Statement: [{ Resource: resource, Condition }] }));
  const safe = (b: Buffer) =>
    b.toString("base64").replaceAll("+", "-").replaceAll("=", "_").replaceAll("/", "~");
  const query = `Policy=${safe(policy)}&Signature=${safe(sign("sha256", policy, privateKey))}&Key-Pair-Id=K1&Hash-Algorithm=SHA256`;
  return `${cdn.url}${path}${path.includes("?") ? "&" : "?"}${query}`;
}

describe("objects", () => {
  it("streams an object with its type, ETag and caching, and the policy's headers", async () => {
    const answer = await fetch(signed("/a/thumb.webp"));
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "image/webp",
      "cache-control": "max-age=60",
      etag,
      "content-security-policy": "sandbox",
      "x-content-type-options": "nosniff",
      "x-cache": "Miss from cloudfront",
    });
  });

  it("passes ranges and conditions on to S3", async () => {
    const range = await fetch(signed("/a/thumb.webp"), { headers: { range: "bytes=8-14" } });
    expect(range.status).toBe(206);
    expect(await range.text()).toBe("shoebox");
    expect(range.headers.get("content-range")).toBe(`bytes 8-14/${bytes.length}`);
    const same = await fetch(signed("/a/thumb.webp"), { headers: { "if-none-match": etag } });
    expect(same.status).toBe(304);
    const head = await fetch(signed("/a/thumb.webp"), { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, String(bytes.length)]);
    const beyond = await fetch(signed("/a/thumb.webp"), { headers: { range: "bytes=9000000-" } });
    expect(beyond.status).toBe(416);
  });

  it("lets only listed query parameters reach S3", async () => {
    const version = await fetch(signed(`/a/thumb.webp?versionId=${firstVersion}`));
    expect(await version.text()).toBe("first");
    const download = await fetch(signed("/a/thumb.webp?response-content-disposition=attachment"));
    expect(download.headers.get("content-disposition")).toBe("attachment");
    await download.body?.cancel();
    const open = await fetch(`${cdn.url}/open/a%20b.webp?versionId=nonsense`);
    expect(await open.text()).toBe("open");
  });

  it("never answers a missing object with success, and says no more than 403", async () => {
    for (const url of [signed("/a/none.webp"), `${cdn.url}/open/none.webp`, signed("/")]) {
      const answer = await fetch(url);
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain("<Code>AccessDenied</Code>");
    }
  });
});

describe("who may have it", () => {
  it("needs a signature where the behaviour says so, and none elsewhere", async () => {
    const bare = await fetch(`${cdn.url}/a/thumb.webp`);
    expect(bare.status).toBe(403);
    expect(bare.headers.get("x-cache")).toBe("Error from cloudfront");
    expect(await bare.text()).toContain(
      "<Code>MissingKey</Code><Message>Missing Key-Pair-Id query parameter or cookie value</Message>",
    );
    expect((await fetch(`${cdn.url}/open/a%20b.webp`)).status).toBe(200);
  });

  it("does not let a signature for one image reach another by dots or by encoding", async () => {
    const { search } = new URL(signed("/a/thumb.webp", `${cdn.url}/a/*`));
    expect((await fetch(`${cdn.url}/a/thumb.webp${search}`)).status).toBe(200);
    for (const path of [
      "/b/thumb.webp",
      "/a/../b/thumb.webp",
      "/a/%2e%2e/b/thumb.webp",
      "/a/..%2fb/thumb.webp",
      "/%61/../b/thumb.webp",
    ]) {
      expect(await rawStatus(path + search)).toBe(403);
    }
    expect(await rawStatus("/%6fpen/a%20b.webp")).toBe(200);
  });

  it("takes GET, HEAD and OPTIONS only", async () => {
    for (const method of ["PUT", "POST", "DELETE", "PATCH"]) {
      expect((await fetch(signed("/a/thumb.webp"), { method })).status).toBe(403);
    }
  });

  it("gives CORS headers to the origins of the policy, one at a time", async () => {
    const from = (origin: string, method = "GET") =>
      fetch(`${cdn.url}/open/a%20b.webp`, { method, headers: { origin } });
    const allowed = await from("http://b.example");
    expect(allowed.headers.get("access-control-allow-origin")).toBe("http://b.example");
    expect(allowed.headers.get("vary")).toBe("Origin");
    expect((await from("http://evil.example")).headers.has("access-control-allow-origin")).toBe(
      false,
    );
    const preflight = await from("http://a.example", "OPTIONS");
    expect([preflight.status, preflight.headers.get("access-control-allow-methods")]).toEqual([
      200,
      "GET, HEAD",
    ]);
    expect((await from("http://evil.example", "OPTIONS")).status).toBe(403);
  });

  /** fetch takes dot segments away before it sends a path. */
  function rawStatus(path: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      request(
        { host: "127.0.0.1", port: cdn.port, path, headers: { host: `127.0.0.1:${cdn.port}` } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      )
        .once("error", reject)
        .end();
    });
  }
});

it("answers 502 when the origin is away", async () => {
  const away = await startCdn({
    s3: { endpoint: "http://127.0.0.1:1", region: "us-east-1", credentials },
    distribution: {
      publicKeys: [],
      behaviors: [
        { pathPattern: "default", bucket: "public", signed: false, allowedQueryStrings: [] },
      ],
    },
  });
  expect((await fetch(`${away.url}/open/a`)).status).toBe(502);
  await away.close();
});

describe("invalidations", () => {
  const create = (reference: string, paths: string[]) =>
    fetch(`${cdn.controlUrl}/2020-05-31/distribution/E1/invalidation`, {
      method: "POST",
      body: `<?xml version="1.0" encoding="UTF-8"?><InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Paths><Quantity>${paths.length}</Quantity><Items>${paths.map((path) => `<Path>${path}</Path>`).join("")}</Items></Paths><CallerReference>${reference}</CallerReference></InvalidationBatch>`,
    });

  it("records an invalidation once for its reference and lists it", async () => {
    const created = await create("r1", ["/a/*", "/b&amp;c"]);
    expect(created.status).toBe(201);
    const xml = await created.text();
    expect(xml).toContain("<Status>Completed</Status>");
    expect(xml).toContain("<Items><Path>/a/*</Path><Path>/b&amp;c</Path></Items>");
    await create("r1", ["/a/*", "/b&amp;c"]);
    expect(cdn.invalidations()).toMatchObject([{ distributionId: "E1", paths: ["/a/*", "/b&c"] }]);
    const list = await fetch(`${cdn.controlUrl}/2020-05-31/distribution/E1/invalidation`);
    expect(await list.text()).toContain("<Quantity>1</Quantity>");
    expect((await create("r1", ["/other"])).status).toBe(400);
  });

  it("answers 501 to the rest of the control API", async () => {
    expect((await fetch(`${cdn.controlUrl}/2020-05-31/distribution`)).status).toBe(501);
  });
});
