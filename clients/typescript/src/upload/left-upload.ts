import { contentOf, type ShoeboxClient } from "../client.ts";
import { ShoeboxError } from "../shoebox-error.ts";
import type { Upload } from "../types.ts";
import { askForUpload } from "../wait.ts";
import type { PartsPlan, SentPart } from "./send-parts.ts";
import { checksumOf } from "./send-parts.ts";

/** An upload that somebody has left: it is complete after all, or parts of it are there. */
export type Left = { kind: "complete" } | { kind: "open"; plan: PartsPlan; parts: SentPart[] };

/** Seconds in which a completion whose answer was lost is verified. */
const VERIFICATION = 20;

/**
 * Finds an upload to go on with; undefined when it is over or was no upload in parts.
 *
 * @throws Error when it is one of a file of another size
 */
export async function findLeft(
  client: ShoeboxClient,
  imageId: string,
  file: Blob,
  signal: AbortSignal,
): Promise<Left | undefined> {
  const upload = await unlessOver(askForUpload(client, imageId, undefined, signal));
  if (!upload || (upload.status !== "awaiting" && upload.status !== "uploaded")) return undefined;
  if (upload.size !== file.size) {
    throw new Error(
      `The upload ${imageId} is of a file of ${upload.size} bytes, not of ${file.size}.`,
    );
  }
  if (upload.status === "uploaded") return { kind: "complete" };
  const { partSize, partCount } = upload;
  if (partSize === undefined || partCount === undefined) return undefined;
  const params = { path: { imageId } };
  const listed = await unlessOver(
    contentOf(client.api.GET("/v1/uploads/{imageId}/parts", { params, signal })),
  );
  if (!listed) return await verified(client, imageId, signal);
  const parts = await partsOfFile(listed.parts, partSize, file);
  return { kind: "open", plan: { imageId, method: "MULTIPART", partSize, partCount }, parts };
}

/** There are no parts any more: they are one object, or nothing. */
async function verified(
  client: ShoeboxClient,
  imageId: string,
  signal: AbortSignal,
): Promise<Left | undefined> {
  const upload: Upload | undefined = await unlessOver(
    askForUpload(client, imageId, VERIFICATION, signal),
  );
  return upload?.status === "uploaded" ? { kind: "complete" } : undefined;
}

/** Those of the parts there that have the file's own bytes, where checksums tell. */
async function partsOfFile(parts: SentPart[], partSize: number, file: Blob): Promise<SentPart[]> {
  const same: SentPart[] = [];
  for (const part of parts) {
    const bytes = file.slice((part.partNumber - 1) * partSize, part.partNumber * partSize);
    if (part.sha256 === undefined || part.sha256 === (await checksumOf(bytes))) same.push(part);
  }
  return same;
}

async function unlessOver<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ShoeboxError && (error.status === 404 || error.status === 409))
      return undefined;
    throw error;
  }
}
