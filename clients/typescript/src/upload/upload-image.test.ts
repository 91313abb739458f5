import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { createClient } from "../client.ts";
import { type Received, type Reply, startServer } from "../server.testkit.ts";
import type { Progress } from "./progress.ts";
import { uploadImage } from "./upload-image.ts";

type Server = Awaited<ReturnType<typeof startServer>>;
let server: Server;
afterEach(() => server.close());

const PART = 1_000;
const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(3_496, 7)]);
const sha256 = (bytes: Uint8Array, encoding: "hex" | "base64" = "hex") =>
  createHash("sha256").update(bytes).digest(encoding);

/** A client of a server that plays API and object store in one, as `special` says and else without trouble. */
async function clientOf(
  kind: "form" | "parts",
  special: (request: Received) => Reply | undefined | Promise<Reply | undefined> = () => undefined,
) {
  const stored = new Map<number, Buffer>();
  const expiresAt = "2026-11-22T12:00:00Z";
  const usual = ({ method, path, body }: Received): Reply => {
    const route = `${method} ${path.replace(/part\/\d+/, "part")}`;
    const parts = [...stored].map(([partNumber, bytes]) => ({
      partNumber,
      size: bytes.length,
      etag: `e-${partNumber}`,
      sha256: sha256(bytes, "base64"),
    }));
    switch (route) {
      case "POST /v1/uploads": {
        const form = {
          method: "POST",
          url: `${server.url}/store`,
          fields: { key: "k", Policy: "p" },
        };
        const begun =
          kind === "form" ? form : { method: "MULTIPART", partSize: PART, partCount: 4 };
        return { status: 201, body: { imageId: "i-1", expiresAt, ...begun } };
      }
      case "POST /store":
        return { status: 201 };
      case "GET /v1/uploads/i-1":
        return {
          body: {
            status: "awaiting",
            size: jpeg.length,
            partSize: PART,
            partCount: 4,
            imageId: "i-1",
          },
        };
      case "GET /v1/uploads/i-1/parts":
        return { body: { parts } };
      case "POST /v1/uploads/i-1/parts": {
        const { partNumbers } = JSON.parse(body.toString()) as { partNumbers: number[] };
        const urls = partNumbers.map((n) => ({ partNumber: n, url: `${server.url}/part/${n}` }));
        return { body: { urls } };
      }
      case "PUT /part": {
        const number = Number(path.split("/").at(-1));
        stored.set(number, body);
        return { headers: { ETag: `"e-${number}"` } };
      }
      case "POST /v1/uploads/i-1/complete":
        return { body: { status: "awaiting" } };
      case "DELETE /v1/uploads/i-1":
        return { status: 204 };
      default:
        throw new Error(`Not expected: ${route}`);
    }
  };
  server = await startServer(async (request) => (await special(request)) ?? usual(request));
  const retry = { attempts: 3, firstDelay: 1 };
  return { client: createClient({ url: server.url, token: "t", retry }), stored };
}

const asked = () => server.received.map(({ method, path }) => `${method} ${path}`);
const sentJson = (route: string) =>
  server.received
    .filter(({ method, path }) => `${method} ${path}` === route)
    .map(({ body }) => JSON.parse(body.toString()));

describe("a form", () => {
  it("is announced with what the file is, and sent with the file as its last field and no token", async () => {
    const { client } = await clientOf("form");
    const progress: Progress[] = [];
    const uploaded = await uploadImage(
      client,
      new File([jpeg], "sea.bin", { type: "text/plain" }),
      {
        tags: ["sea"],
        takenAt: new Date("2026-01-02T03:04:05Z"),
        onProgress: (one) => progress.push(one),
      },
    );
    expect(uploaded).toEqual({ imageId: "i-1", duplicate: false });
    expect(sentJson("POST /v1/uploads")).toEqual([
      {
        contentType: "image/jpeg",
        size: jpeg.length,
        fileName: "sea.bin",
        sha256: sha256(jpeg),
        tags: ["sea"],
        takenAt: "2026-01-02T03:04:05.000Z",
      },
    ]);
    const [, form] = server.received;
    expect(form?.headers).toMatchObject({ "content-length": String(form?.body.length) });
    expect(form?.headers).not.toHaveProperty("authorization");
    const data = await new Response(form?.body, {
      headers: { "Content-Type": form?.headers["content-type"] ?? "" },
    }).formData();
    expect([...data.keys()]).toEqual(["key", "Policy", "file"]);
    const file = data.get("file") as File;
    expect(Buffer.from(await file.arrayBuffer())).toEqual(jpeg);
    expect(progress.at(-1)).toEqual({ loaded: jpeg.length, total: jpeg.length });
  });

  it("is sent again after a broken line and an error of the store", async () => {
    const replies: Reply[] = [{ breaks: true }, { status: 500 }];
    const { client } = await clientOf("form", ({ path }) =>
      path === "/store" ? replies.shift() : undefined,
    );
    await uploadImage(client, new Blob([jpeg]));
    expect(asked()).toEqual(["POST /v1/uploads", ...Array(3).fill("POST /store")]);
  });

  it("that is refused is called off, and the store's words are told", async () => {
    const xml = "<Error><Code>EntityTooLarge</Code><Message>Too large.</Message></Error>";
    const { client } = await clientOf("form", ({ path }) =>
      path === "/store" ? { status: 400, body: xml } : undefined,
    );
    await expect(uploadImage(client, new Blob([jpeg]))).rejects.toMatchObject({
      code: "object-store",
      status: 400,
      title: "EntityTooLarge",
      message: "The object store refused it: Too large.",
    });
    expect(asked()).toEqual(["POST /v1/uploads", "POST /store", "DELETE /v1/uploads/i-1"]);
  });

  it("that has ended is replaced by a new one, with a key of its own, once", async () => {
    const { client } = await clientOf("form", ({ path }) =>
      path === "/store" ? { status: 403 } : undefined,
    );
    const begun: string[] = [];
    const uploading = uploadImage(client, new Blob([jpeg]), {
      onBegun: ({ imageId }) => begun.push(imageId),
    });
    await expect(uploading).rejects.toMatchObject({ status: 403 });
    const once = ["POST /v1/uploads", "POST /store", "DELETE /v1/uploads/i-1"];
    expect(asked()).toEqual([...once, ...once]);
    expect(begun).toEqual(["i-1", "i-1"]);
    const keys = server.received.flatMap(({ headers }) => headers["idempotency-key"] ?? []);
    expect(new Set(keys).size).toBe(2);
  });

  it("is not sent of what is there", async () => {
    const { client } = await clientOf("form", () => ({
      body: { imageId: "i-0", duplicate: true },
    }));
    const uploaded = await uploadImage(client, new Blob([jpeg]), { ifDuplicate: "return" });
    expect(uploaded).toEqual({ imageId: "i-0", duplicate: true });
    expect(asked()).toEqual(["POST /v1/uploads"]);
  });
});

describe("an upload in parts", () => {
  const complete = "POST /v1/uploads/i-1/complete";
  const everyPart = [1, 2, 3, 4].map((partNumber) => ({ partNumber, etag: `"e-${partNumber}"` }));

  it("sends every part once with its checksum and completes with their ETags", async () => {
    const { client, stored } = await clientOf("parts");
    const progress: number[] = [];
    await uploadImage(client, new Blob([jpeg]), {
      onProgress: ({ loaded }) => progress.push(loaded),
    });
    const bytes = Buffer.concat([1, 2, 3, 4].map((n) => stored.get(n) ?? Buffer.alloc(0)));
    expect(bytes).toEqual(jpeg);
    expect(sentJson(complete)).toEqual([{ parts: everyPart }]);
    expect(sentJson("POST /v1/uploads/i-1/parts")).toContainEqual({
      partNumbers: [4],
      sha256: { 4: sha256(jpeg.subarray(3 * PART), "base64") },
    });
    expect(progress.at(-1)).toBe(jpeg.length);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  });

  it("has as many parts on their way as it may, and no more", async () => {
    let [now, most] = [0, 0];
    const { client } = await clientOf("parts", async ({ method }) => {
      if (method !== "PUT") return undefined;
      now += 1;
      most = Math.max(most, now);
      await new Promise(setImmediate);
      now -= 1;
      return undefined;
    });
    await uploadImage(client, new Blob([jpeg]), { concurrency: 1 });
    expect(most).toBe(1);
  });

  it("sends a part again, by a new URL, and says when no attempt helps", async () => {
    let failures = 2;
    const { client } = await clientOf("parts", ({ path }) =>
      path === "/part/2" && failures-- > 0 ? { status: 503 } : undefined,
    );
    await uploadImage(client, new Blob([jpeg]));
    expect(asked().filter((one) => one === "PUT /part/2")).toHaveLength(3);
    expect(asked().filter((one) => one.endsWith("i-1/parts"))).toHaveLength(6);
    failures = 9;
    await expect(uploadImage(client, new Blob([jpeg]))).rejects.toMatchObject({ status: 503 });
    expect(asked()).not.toContain("DELETE /v1/uploads/i-1");
  });

  it("goes on with the parts that are the file's own", async () => {
    const { client, stored } = await clientOf("parts");
    stored.set(1, jpeg.subarray(0, PART));
    stored.set(3, Buffer.alloc(PART, 1));
    const progress: number[] = [];
    const uploaded = await uploadImage(client, new Blob([jpeg]), {
      resume: "i-1",
      onProgress: ({ loaded }) => progress.push(loaded),
    });
    expect(uploaded.imageId).toBe("i-1");
    expect(asked().filter((one) => one.startsWith("PUT"))).toEqual(
      expect.arrayContaining(["PUT /part/2", "PUT /part/3", "PUT /part/4"]),
    );
    expect(asked()).not.toContain("PUT /part/1");
    expect(asked()).not.toContain("POST /v1/uploads");
    expect(progress[0]).toBe(PART);
    expect(progress.at(-1)).toBe(jpeg.length);
    const [{ parts }] = sentJson(complete);
    expect(parts).toHaveLength(4);
  });

  it("that is over is begun anew, one of another file refused, and a complete one is done", async () => {
    let upload: Reply = { body: { status: "expired", size: jpeg.length } };
    const { client } = await clientOf("parts", ({ method, path }) =>
      method === "GET" && path === "/v1/uploads/i-1" ? upload : undefined,
    );
    await uploadImage(client, new Blob([jpeg]), { resume: "i-1" });
    expect(sentJson("POST /v1/uploads")).toHaveLength(1);
    upload = { status: 404 };
    await uploadImage(client, new Blob([jpeg]), { resume: "i-1" });
    expect(sentJson("POST /v1/uploads")).toHaveLength(2);
    upload = { body: { status: "uploaded", size: jpeg.length } };
    await uploadImage(client, new Blob([jpeg]), { resume: "i-1" });
    expect(sentJson(complete)).toHaveLength(2);
    const other = uploadImage(client, new Blob([jpeg, "x"]), { resume: "i-1" });
    await expect(other).rejects.toThrow("is of a file of 3500 bytes, not of 3501");
  });

  it.each([
    [false, true],
    [true, false],
  ])("that is aborted, keepOnAbort %s: its parts are deleted %s", async (keepOnAbort, deleted) => {
    const controller = new AbortController();
    const { client } = await clientOf("parts", ({ method }) => {
      if (method === "PUT") controller.abort(new Error("enough"));
      return undefined;
    });
    const { signal } = controller;
    const uploading = uploadImage(client, new Blob([jpeg]), { signal, keepOnAbort });
    await expect(uploading).rejects.toThrow("enough");
    expect(asked().includes("DELETE /v1/uploads/i-1")).toBe(deleted);
    expect(asked()).not.toContain(complete);
  });
});

it("nothing is asked for when the signal is aborted already", async () => {
  const { client } = await clientOf("form");
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(uploadImage(client, new Blob([jpeg]), { signal })).rejects.toThrow("enough");
  expect(server.received).toEqual([]);
});
