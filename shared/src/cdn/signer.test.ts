import { generateKeyPairSync, verify } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCdnSigner } from "./signer.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const HOUR = 3_600_000;
const NOW = Date.parse("2026-11-22T12:10:00Z");
const IMAGE = "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55";

const signer = () =>
  createCdnSigner({
    baseUrl: "https://cdn.example",
    keyId: "K1",
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  });

const unsafe = (text: string) =>
  Buffer.from(text.replaceAll("-", "+").replaceAll("_", "=").replaceAll("~", "/"), "base64");

/** What CloudFront does: takes the policy out of the URL, checks the signature, then the resource and the time. */
function read(url: string) {
  const query = new URL(url).searchParams;
  const bytes = unsafe(query.get("Policy") ?? "");
  const signature = unsafe(query.get("Signature") ?? "");
  const [statement] = (JSON.parse(bytes.toString()) as { Statement: unknown[] }).Statement as [
    { Resource: string; Condition: { DateLessThan: { "AWS:EpochTime": number } } },
  ];
  return {
    intact: verify("sha256", bytes, publicKey, signature),
    keyId: query.get("Key-Pair-Id"),
    hash: query.get("Hash-Algorithm"),
    resource: statement.Resource,
    endsAt: statement.Condition.DateLessThan["AWS:EpochTime"] * 1000,
  };
}

describe("a signed URL of a rendition", () => {
  it("carries a signature that its own policy verifies", () => {
    const url = signer().renditions(IMAGE, NOW)(`renditions/${IMAGE}/thumb.webp`);
    expect(url.startsWith(`https://cdn.example/renditions/${IMAGE}/thumb.webp?Policy=`)).toBe(true);
    expect(read(url)).toEqual({
      intact: true,
      keyId: "K1",
      hash: "SHA256",
      resource: `https://cdn.example/renditions/${IMAGE}/*`,
      endsAt: Date.parse("2026-11-22T14:00:00Z"),
    });
    expect(url).toMatch(/^[\w/:.?&=~-]+$/);
  });

  it("shares one signature with all renditions of the image, and with no other image", () => {
    const one = signer();
    const query = (url: string) => url.split("?")[1];
    const url = one.renditions(IMAGE, NOW);
    expect(query(url("a"))).toBe(query(url("b")));
    expect(query(one.renditions("other", NOW)("a"))).not.toBe(query(url("a")));
  });

  it("is the same within the hour, and another in the next", () => {
    const one = signer();
    const at = (now: number) => one.renditions(IMAGE, now)("k");
    const hour = Math.floor(NOW / HOUR) * HOUR;
    expect(at(hour + 1)).toBe(at(hour + HOUR));
    expect(at(hour + HOUR + 1)).not.toBe(at(hour + HOUR));
  });
});

describe("a signed URL of an object", () => {
  it("is for exactly this path and query", () => {
    const { url, expiresAt } = signer().object(
      "originals/YW5u/x.jpg",
      { name: "a b'(*).jpg" },
      NOW,
    );
    const plain = "https://cdn.example/originals/YW5u/x.jpg?name=a%20b%27%28%2A%29.jpg";
    expect(url.startsWith(`${plain}&Policy=`)).toBe(true);
    expect(read(url)).toMatchObject({ intact: true, resource: plain, endsAt: expiresAt });
  });

  it("has a policy without a wildcard, whatever path and query are", () => {
    const one = signer();
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (path, name, value) => {
        const { url } = one.object(path, { [name]: value }, NOW);
        const { resource } = read(url);
        expect(resource).not.toContain("*");
        expect(resource.split("?")).toHaveLength(2);
      }),
    );
  });

  it("that was changed is not verified", () => {
    const { url } = signer().object("originals/a.jpg", {}, NOW);
    const policy = new URL(url).searchParams.get("Policy") ?? "";
    const stretched = unsafe(policy).toString().replace("1795", "2795");
    expect(stretched).toContain("2795");
    const forged = Buffer.from(stretched)
      .toString("base64")
      .replaceAll("+", "-")
      .replaceAll("=", "_")
      .replaceAll("/", "~");
    expect(read(url.replace(policy, forged)).intact).toBe(false);
  });
});

describe("the end of a signed URL", () => {
  it("is a full hour, one to two hours away", () => {
    const one = signer();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (now) => {
        const { expiresAt } = one.object("k", {}, now);
        expect(expiresAt % HOUR).toBe(0);
        expect(expiresAt - now).toBeGreaterThanOrEqual(HOUR);
        expect(expiresAt - now).toBeLessThan(2 * HOUR);
      }),
    );
  });
});

it("a process remembers the last 10,000 signatures and no more", () => {
  const one = signer();
  const url = (image: number) => one.renditions(String(image), NOW)("k");
  const first = url(0);
  const second = url(1);
  for (let image = 2; image < 10_000; image++) url(image);
  expect(url(0)).toBe(first);
  url(10_000);
  expect(url(1)).toBe(second);
  expect(url(0)).not.toBe(first);
});
