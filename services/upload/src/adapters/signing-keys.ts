import { createHmac, createSecretKey, type KeyObject } from "node:crypto";

export type SigningKeys = (accessKeyId: string, secretAccessKey: string, day: string) => KeyObject;

/** Derives SigV4's signing key for S3; the last one is kept, since it serves a whole day. `day` is `yyyymmdd`. */
export function createSigningKeys(region: string): SigningKeys {
  let last: { accessKeyId: string; day: string; key: KeyObject } | undefined;
  return (accessKeyId, secretAccessKey, day) => {
    if (last?.accessKeyId !== accessKeyId || last.day !== day) {
      let key: Buffer = Buffer.from(`AWS4${secretAccessKey}`);
      for (const part of [day, region, "s3", "aws4_request"]) {
        key = createHmac("sha256", key).update(part).digest();
      }
      // Signing with bytes takes Node three times as long as with a key object.
      last = { accessKeyId, day, key: createSecretKey(key) };
    }
    return last.key;
  };
}
