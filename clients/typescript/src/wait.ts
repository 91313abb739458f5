import { contentOf, type ShoeboxClient } from "./client.ts";
import { getImage } from "./images.ts";
import { RejectedError } from "./rejected-error.ts";
import { sleep } from "./retry.ts";
import { ShoeboxError } from "./shoebox-error.ts";
import type { Image, Upload } from "./types.ts";

/** Seconds the service is asked to wait in one request; it waits up to 25. */
const WAIT = 20;
/** Milliseconds between two looks at an image, at first and at most. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [200, 3_000];

export interface WaitOptions {
  signal?: AbortSignal;
}

/** An upload as it stands, without waiting. */
export function getUpload(
  client: ShoeboxClient,
  imageId: string,
  { signal }: WaitOptions = {},
): Promise<Upload> {
  return askForUpload(client, imageId, undefined, signal);
}

/**
 * Resolves when the service has verified what was sent.
 *
 * @throws RejectedError when it came to another end: rejected, expired, aborted
 * @throws ShoeboxError 404 when it was deleted meanwhile
 */
export async function waitUntilUploaded(
  client: ShoeboxClient,
  imageId: string,
  { signal }: WaitOptions = {},
): Promise<Upload> {
  for (;;) {
    const upload = await askForUpload(client, imageId, WAIT, signal);
    const { status, reason } = upload;
    if (status === "uploaded") return upload;
    if (status !== "awaiting") {
      const message =
        status === "aborted" ? "The upload was called off." : "The upload's time is over.";
      throw new RejectedError(imageId, "upload", reason ?? { code: status, message });
    }
  }
}

/**
 * Resolves with the image when it can be shown. It waits as long as that takes: give it a signal, such as
 * `AbortSignal.timeout(120_000)`, to wait no longer.
 *
 * @throws RejectedError when it will never be shown, with the reason
 * @throws ShoeboxError 404 when it was deleted meanwhile
 */
export async function waitUntilReady(
  client: ShoeboxClient,
  imageId: string,
  options: WaitOptions = {},
): Promise<Image> {
  await waitUntilUploaded(client, imageId, options);
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const image = await cataloged(client, imageId, options);
    if (image?.status === "ready") return image;
    if (image?.status === "rejected") {
      const reason = image.reason ?? { code: "rejected", message: "The picture was rejected." };
      throw new RejectedError(imageId, "processing", reason);
    }
    await sleep(pause, options.signal);
  }
}

/** Undefined while the catalog has not heard of an upload that is there; one that was deleted throws. */
async function cataloged(
  client: ShoeboxClient,
  imageId: string,
  options: WaitOptions,
): Promise<Image | undefined> {
  try {
    return await getImage(client, imageId, options);
  } catch (error) {
    if (!(error instanceof ShoeboxError && error.status === 404)) throw error;
    await getUpload(client, imageId, options);
    return undefined;
  }
}

/** @param wait seconds that the service may take until the upload ends */
export function askForUpload(
  client: ShoeboxClient,
  imageId: string,
  wait: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Upload> {
  const params = { path: { imageId }, query: { wait } };
  return contentOf(client.api.GET("/v1/uploads/{imageId}", { params, signal }));
}
