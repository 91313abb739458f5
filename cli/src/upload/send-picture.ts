import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import {
  RejectedError,
  type ShoeboxClient,
  type UploadOptions,
  uploadImage,
  waitUntilReady,
  waitUntilUploaded,
} from "@shoebox/client";
import type { LeftUploads } from "./left-uploads.ts";
import type { PictureFile } from "./pictures.ts";

/** What is said of the pictures of a run. */
export type About = Pick<UploadOptions, "tags" | "caption" | "visibility" | "takenAt">;

/** What they have in common. */
export interface Common extends About {
  /** Makes a second image of what is there already. */
  again: boolean;
  /** Waits until the picture is ready, and not only until it is verified. */
  wait: boolean;
}

export type Sent = { imageId: string; status: "uploaded" | "ready" | "duplicate" };

/** Uploads one file, or goes on with it, and waits for the service's verdict. */
export async function sendPicture(
  client: ShoeboxClient,
  picture: PictureFile,
  { again, wait, ...about }: Common,
  left: LeftUploads,
  options: Pick<UploadOptions, "signal" | "onProgress">,
): Promise<Sent> {
  const { signal } = options;
  const noting: Promise<void>[] = [];
  const { imageId, duplicate } = await uploadImage(client, await openAsBlob(picture.path), {
    ...about,
    ...options,
    fileName: basename(picture.path),
    ifDuplicate: again ? "create" : "return",
    resume: await left.find(picture),
    keepOnAbort: true,
    onBegun: ({ imageId, method }) => {
      if (method === "MULTIPART") noting.push(left.note(picture, imageId));
    },
  });
  await Promise.all(noting);
  const end = wait && !duplicate ? waitUntilReady : waitUntilUploaded;
  try {
    if (!duplicate) await end(client, imageId, { signal });
  } catch (error) {
    if (error instanceof RejectedError) await left.forget(picture);
    throw error;
  }
  await left.forget(picture);
  return { imageId, status: duplicate ? "duplicate" : wait ? "ready" : "uploaded" };
}
