import { contentOf, type ShoeboxClient } from "../client.ts";
import type { ProgressCount } from "./progress.ts";
import type { SendOptions } from "./send-options.ts";
import { sendPiece } from "./send-piece.ts";

export interface PartsPlan {
  imageId: string;
  method: "MULTIPART";
  /** Bytes of every part but the last. */
  partSize: number;
  partCount: number;
}

export interface SentPart {
  partNumber: number;
  etag: string;
  /** Base64; of an upload that was begun with checksums. */
  sha256?: string;
}

interface PartsOptions extends SendOptions {
  /** Parts on their way at the same time. */
  concurrency: number;
  /** Whether the object store is told each part's SHA-256, and takes no other bytes. */
  checksums: boolean;
}

/** Sends the parts that are not there, completes the upload, and resolves when the parts are one object. */
export async function sendParts(
  client: ShoeboxClient,
  plan: PartsPlan,
  file: Blob,
  there: SentPart[],
  progress: ProgressCount,
  options: PartsOptions,
): Promise<void> {
  const { imageId, partSize, partCount } = plan;
  const sent = new Map(there.map((part) => [part.partNumber, part.etag]));
  const bytesOf = (part: number) => file.slice((part - 1) * partSize, part * partSize);
  for (const part of sent.keys()) progress.set(part, partSize, bytesOf(part).size);
  const missing = numbersTo(partCount).filter((part) => !sent.has(part));

  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const worker = async () => {
    for (let part = missing.shift(); part !== undefined; part = missing.shift()) {
      sent.set(
        part,
        await sendPart(client, imageId, part, bytesOf(part), progress, { ...options, signal }),
      );
    }
  };
  await Promise.all(
    Array.from({ length: options.concurrency }, () =>
      worker().catch((error: unknown) => {
        // One that fails ends the others, whose failing is no news.
        if (!failed.signal.aborted) failed.abort(error);
      }),
    ),
  );
  signal.throwIfAborted();
  const parts = numbersTo(partCount).map((partNumber) => ({
    partNumber,
    etag: sent.get(partNumber) ?? "",
  }));
  const params = { path: { imageId } };
  await client.api.POST("/v1/uploads/{imageId}/complete", { params, body: { parts }, signal });
}

/** Resolves with the part's ETag. */
async function sendPart(
  client: ShoeboxClient,
  imageId: string,
  part: number,
  bytes: Blob,
  progress: ProgressCount,
  options: PartsOptions,
): Promise<string> {
  const sha256 = options.checksums ? { [part]: await checksumOf(bytes) } : {};
  const sign = async () => {
    const { urls } = await contentOf(
      client.api.POST("/v1/uploads/{imageId}/parts", {
        params: { path: { imageId } },
        body: { partNumbers: [part], sha256 },
        signal: options.signal,
      }),
    );
    const [signed] = urls;
    if (!signed) throw new Error(`No URL for part ${part}.`);
    return { method: "PUT" as const, url: signed.url, headers: signed.headers, body: bytes };
  };
  const onSent = (sent: number) => progress.set(part, sent, bytes.size);
  const { etag } = await sendPiece(sign, { ...options, onSent });
  if (etag === null)
    throw new Error(
      "The object store's answer has no readable ETag; its CORS rules have to expose it.",
    );
  onSent(bytes.size);
  return etag;
}

/** Base64, as S3 speaks it. A part is small enough to be in memory. */
export async function checksumOf(bytes: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await bytes.arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}

function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
