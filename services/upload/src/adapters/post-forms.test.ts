import { S3Client } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createPostForms, type FormObject } from "./post-forms.ts";

const now = Date.UTC(2026, 10, 22, 12, 0, 0, 417);
const expiresAt = Date.UTC(2026, 10, 22, 12, 5);
const object: FormObject = {
  key: "originals/YW5u/0198c1a2-7b3c-7def-8123-456789abcdef.jpg",
  contentType: "image/jpeg",
  size: 1000,
  sha256: Buffer.alloc(32, 7).toString("base64"),
  correlationId: "request-1",
};

beforeEach(() => {
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "a secret");
  vi.stubEnv("AWS_SESSION_TOKEN", undefined);
  vi.stubEnv("AWS_ENDPOINT_URL_S3", undefined);
  vi.useFakeTimers({ now, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** What the SDK makes of the same object. */
function ofSdk(form: FormObject) {
  return createPresignedPost(new S3Client({}), {
    Bucket: "originals",
    Key: form.key,
    Conditions: [["content-length-range", form.size, form.size]],
    Fields: {
      "Content-Type": form.contentType,
      success_action_status: "201",
      ...(form.sha256 !== undefined && {
        "x-amz-checksum-algorithm": "SHA256",
        "x-amz-checksum-sha256": form.sha256,
      }),
      "x-amz-meta-correlation-id": form.correlationId,
    },
    Expires: 300,
  });
}

function assertNever(): never {
  throw new Error("There are two identities.");
}

const ours = async (form: FormObject) =>
  (await createPostForms(new S3Client({}), "originals")).sign(form, now, expiresAt);

describe("a form", () => {
  it("is the one that the SDK makes, signature included", async () => {
    const form = await ours(object);
    expect(form).toEqual(await ofSdk(object));
    expect(form.url).toBe("https://originals.s3.eu-central-1.amazonaws.com/");
  });

  it("is so without a checksum", async () => {
    const without = { ...object, sha256: undefined };
    const form = await ours(without);
    expect(form).toEqual(await ofSdk(without));
    expect(form.fields).not.toHaveProperty("x-amz-checksum-algorithm");
  });

  it("is so with temporary credentials, whose token is a field", async () => {
    vi.stubEnv("AWS_SESSION_TOKEN", "a token");
    const form = await ours(object);
    expect(form).toEqual(await ofSdk(object));
    expect(form.fields["X-Amz-Security-Token"]).toBe("a token");
  });

  it("names the bucket in the path of an endpoint of one's own", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:4566");
    const form = await ours(object);
    expect(form).toEqual(await ofSdk(object));
    expect(form.url).toBe("http://127.0.0.1:4566/originals");
  });

  it("is signed with the key of its own day and of the credentials of its moment", async () => {
    const identities = ["first", "second"].map((name) => ({
      accessKeyId: name,
      secretAccessKey: `secret of the ${name}`,
      // Ends at once, so that the client asks again each time.
      expiration: new Date(now),
    }));
    let current = 0;
    const rotating = await createPostForms(
      new S3Client({ credentials: async () => identities[current] ?? assertNever() }),
      "originals",
    );
    const [today, tomorrow] = [now, now + 86_400_000];
    const turns = [
      { who: 0, at: today },
      { who: 0, at: tomorrow },
      { who: 1, at: tomorrow },
      { who: 1, at: today },
    ];
    for (const { who, at } of turns) {
      current = who;
      const fresh = await createPostForms(
        new S3Client({ credentials: identities[who] }),
        "originals",
      );
      expect(await rotating.sign(object, at, expiresAt)).toEqual(
        await fresh.sign(object, at, expiresAt),
      );
    }
  });

  it("pins every field that it has", async () => {
    const { fields } = await ours(object);
    const policy = JSON.parse(Buffer.from(fields.Policy ?? "", "base64").toString()) as {
      expiration: string;
      conditions: Record<string, string>[];
    };
    expect(policy.expiration).toBe("2026-11-22T12:05:00Z");
    const { Policy, "X-Amz-Signature": signature, ...pinned } = fields;
    const [range, ...exact] = policy.conditions;
    expect(range).toEqual(["content-length-range", 1000, 1000]);
    expect(Object.assign({}, ...exact)).toEqual(pinned);
  });
});
