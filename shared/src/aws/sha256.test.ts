import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Sha256 } from "./sha256.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("SHA-256 for the SDK's signer", () => {
  it("is HMAC as in RFC 4231, test case 2", async () => {
    const hmac = new Sha256("Jefe");
    hmac.update("what do ya want for nothing?");
    expect(hex(await hmac.digest())).toBe(
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
  });

  it("is what Node computes, of texts, bytes, views and buffers, with a secret and without", async () => {
    const data = fc.oneof(fc.string({ unit: "grapheme" }), fc.uint8Array());
    await fc.assert(
      fc.asyncProperty(fc.option(data, { nil: undefined }), fc.array(data), async (secret, all) => {
        const node =
          secret === undefined ? createHash("sha256") : createHmac("sha256", Buffer.from(secret));
        const ours = new Sha256(secret);
        for (const one of all) {
          node.update(one);
          ours.update(
            typeof one === "string" ? one : new DataView(one.buffer, one.byteOffset, one.length),
          );
        }
        expect(hex(await ours.digest())).toBe(node.digest("hex"));
      }),
    );
  });

  it("takes a whole buffer", async () => {
    const ours = new Sha256(new ArrayBuffer(4));
    ours.update(new ArrayBuffer(2));
    const node = createHmac("sha256", Buffer.alloc(4)).update(Buffer.alloc(2));
    expect(hex(await ours.digest())).toBe(node.digest("hex"));
  });
});
