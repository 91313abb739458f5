import { createHmac } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import { bucketUrl } from "./bucket-url.ts";
import { createSigningKeys } from "./signing-keys.ts";

export interface PostForm {
  url: string;
  /** To be sent in this order, and the file as the last field, named `file`. */
  fields: Record<string, string>;
}

export interface PostForms {
  /** A form with which exactly this object can be sent, until `expiresAt` (ms, a full second). */
  sign(object: FormObject, now: number, expiresAt: number): Promise<PostForm>;
}

export interface FormObject {
  key: string;
  contentType: string;
  /** Bytes. */
  size: number;
  /** Base64. */
  sha256: string | undefined;
  correlationId: string;
}

/**
 * Presigned POST forms for one bucket (SigV4, "Browser-Based Uploads Using POST" of the S3 API
 * reference). The form is the same as createPresignedPost of the SDK makes, at about a third of its time:
 * the day's key is derived once, and the endpoint is resolved once. Whoever holds a form can send it
 * as often as he likes until it ends, but only to the one key, with this type, size and checksum.
 */
export async function createPostForms(client: S3Client, bucket: string): Promise<PostForms> {
  const url = await bucketUrl(client, bucket);
  const region = await client.config.region();
  const signingKey = createSigningKeys(region);

  return {
    async sign(object, now, expiresAt) {
      const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials();
      const date = seconds(now).replace(/[-:]/g, "");
      const day = date.slice(0, 8);
      const fields: Record<string, string> = {
        "Content-Type": object.contentType,
        // 201 answers with the key and the ETag in a body, which form libraries such as Uppy read;
        // after a 204 a browser could see the ETag only where the bucket's CORS exposes it.
        success_action_status: "201",
        // S3 computes the checksum itself while it receives, and refuses other bytes.
        ...(object.sha256 !== undefined && {
          "x-amz-checksum-algorithm": "SHA256",
          "x-amz-checksum-sha256": object.sha256,
        }),
        "x-amz-meta-correlation-id": object.correlationId,
        bucket,
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": `${accessKeyId}/${day}/${region}/s3/aws4_request`,
        "X-Amz-Date": date,
        ...(sessionToken !== undefined && { "X-Amz-Security-Token": sessionToken }),
        key: object.key,
      };
      const conditions: unknown[] = [["content-length-range", object.size, object.size]];
      for (const [name, value] of Object.entries(fields)) conditions.push({ [name]: value });
      const policy = Buffer.from(
        JSON.stringify({ expiration: seconds(expiresAt), conditions }),
      ).toString("base64");
      const signature = createHmac("sha256", signingKey(accessKeyId, secretAccessKey, day))
        .update(policy)
        .digest("hex");
      return { url, fields: { ...fields, Policy: policy, "X-Amz-Signature": signature } };
    },
  };
}

/** ISO 8601 in seconds: what a policy and a signature are written in. */
function seconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, "Z");
}
