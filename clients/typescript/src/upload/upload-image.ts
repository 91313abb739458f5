import type { ShoeboxClient } from "../client.ts";
import { ShoeboxError } from "../shoebox-error.ts";
import type { Begun } from "../types.ts";
import { announce } from "./announce.ts";
import { findLeft } from "./left-upload.ts";
import type { UploadOptions } from "./options.ts";
import { progressOf } from "./progress.ts";
import { sendForm } from "./send-form.ts";
import { type PartsPlan, type SentPart, sendParts } from "./send-parts.ts";

export interface UploadedImage {
  imageId: string;
  /** It was there already, and nothing was sent. */
  duplicate: boolean;
}

/**
 * Uploads a picture: as one form up to 100 MB, above in parts. Takes any `Blob`: a file of an input, or `openAsBlob` in
 * Node; no more of it is read than what is on its way. Resolves when the object store has all of it; `waitUntilReady`
 * tells what the service makes of it.
 *
 * @throws ShoeboxError when it is refused or can't be sent; parts that were sent are left then, for `resume`
 */
export async function uploadImage(
  client: ShoeboxClient,
  file: Blob,
  options: UploadOptions = {},
): Promise<UploadedImage> {
  const { signal = new AbortController().signal, resume } = options;
  signal.throwIfAborted();
  const left = resume === undefined ? undefined : await findLeft(client, resume, file, signal);
  if (left?.kind === "complete") return { imageId: resume ?? "", duplicate: false };
  if (left) return await send(client, left.plan, file, left.parts, options, signal);
  for (let again = false; ; again = true) {
    const begun = await announce(client, file, options, signal);
    if ("duplicate" in begun) return begun;
    try {
      return await send(client, begun, file, [], options, signal);
    } catch (error) {
      // A form ends after minutes: an attempt that began late is refused, and a new form is not.
      const ended =
        error instanceof ShoeboxError && error.code === "object-store" && error.status === 403;
      if (again || !ended || begun.method !== "POST") throw error;
    }
  }
}

/** Calls an upload off, and deletes what was sent of it. */
export async function abortUpload(client: ShoeboxClient, imageId: string): Promise<void> {
  await client.api.DELETE("/v1/uploads/{imageId}", { params: { path: { imageId } } });
}

async function send(
  client: ShoeboxClient,
  begun: Exclude<Begun, PartsPlan> | PartsPlan,
  file: Blob,
  there: SentPart[],
  options: UploadOptions,
  signal: AbortSignal,
): Promise<UploadedImage> {
  const { imageId, method } = begun;
  const { concurrency = 4, idleTimeout = 60_000, sha256, keepOnAbort = false } = options;
  options.onBegun?.({ imageId, method });
  const sending = { signal, retry: client.retry, idleTimeout };
  const progress = progressOf(file.size, options.onProgress);
  try {
    if (begun.method === "POST") await sendForm(begun, file, progress, sending);
    else {
      // An upload is begun with checksums or without; S3 takes no mixture.
      const checksums = there[0] ? there[0].sha256 !== undefined : sha256 !== false;
      const how = { ...sending, concurrency, checksums };
      await sendParts(client, begun, file, there, progress, how);
    }
  } catch (error) {
    // Parts wait for who goes on with them, a form for nobody. Where calling it off fails, it expires by itself.
    const over = begun.method === "POST" || (signal.aborted && !keepOnAbort);
    if (over) await abortUpload(client, imageId).catch(() => undefined);
    throw error;
  }
  return { imageId, duplicate: false };
}
