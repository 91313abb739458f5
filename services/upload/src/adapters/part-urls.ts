import { createHash, createHmac } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import { bucketUrl } from "./bucket-url.ts";
import { createSigningKeys } from "./signing-keys.ts";

export interface PartUrls {
  /** URLs to which these parts can be PUT until `expiresAt` (ms, a full second), in the order given. */
  sign(
    upload: { key: string; uploadId: string },
    parts: PartToSend[],
    now: number,
    expiresAt: number,
  ): Promise<SignedPart[]>;
}

interface PartToSend {
  partNumber: number;
  /** Bytes: exactly so many are taken. */
  size: number;
  /** Base64; S3 then takes no other bytes. */
  sha256: string | undefined;
}

interface SignedPart {
  url: string;
  /** What has to be sent with it, besides the Content-Length that every client sends by itself. */
  headers: Record<string, string>;
}

/**
 * Presigned UploadPart URLs (SigV4 in the query string). The Content-Length is a signed header, so a
 * part can't be longer or shorter than announced, and so is its checksum where there is one. The URLs
 * are the same as the SDK's presigner makes; but all of a page share the day's key and everything else
 * that does not differ from part to part, where the SDK does all of it anew for each.
 */
export async function createPartUrls(client: S3Client, bucket: string): Promise<PartUrls> {
  const base = new URL(`${(await bucketUrl(client, bucket)).replace(/\/$/, "")}/`);
  const region = await client.config.region();
  const signingKeys = createSigningKeys(region);

  return {
    async sign({ key, uploadId }, parts, now, expiresAt) {
      const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials();
      const date = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, "");
      const day = date.slice(0, 8);
      const scope = `${day}/${region}/s3/aws4_request`;
      const signingKey = signingKeys(accessKeyId, secretAccessKey, day);
      const path = base.pathname + key.split("/").map(encode).join("/");
      const token =
        sessionToken === undefined ? "" : `&X-Amz-Security-Token=${encode(sessionToken)}`;
      const lifetime = Math.floor((expiresAt - now) / 1000);
      // In the order of their names, as the signature wants them: capitals come first.
      const shared = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&X-Amz-Credential=${encode(`${accessKeyId}/${scope}`)}&X-Amz-Date=${date}&X-Amz-Expires=${lifetime}${token}`;

      return parts.map(({ partNumber, size, sha256 }) => {
        const headers: Record<string, string> =
          sha256 === undefined ? {} : { "x-amz-checksum-sha256": sha256 };
        const signed = { "content-length": size, host: base.host, ...headers };
        const names = Object.keys(signed).join(";");
        const query = `${shared}&X-Amz-SignedHeaders=${encode(names)}&partNumber=${partNumber}&uploadId=${encode(uploadId)}&x-id=UploadPart`;
        const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
        const canonical = `PUT\n${path}\n${query}\n${lines.join("")}\n${names}\nUNSIGNED-PAYLOAD`;
        const digest = createHash("sha256").update(canonical).digest("hex");
        const signature = createHmac("sha256", signingKey)
          .update(`AWS4-HMAC-SHA256\n${date}\n${scope}\n${digest}`)
          .digest("hex");
        return { url: `${base.origin}${path}?${query}&X-Amz-Signature=${signature}`, headers };
      });
    },
  };
}

/** Percent-encodes all but letters, digits and `-._~`, as a signature wants it. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
