import { askForForm, sendForm, type User } from "../client.ts";
import type { Facts } from "../facts.ts";
import type { Picture } from "../pictures.ts";

/** The steps of a picture's way, in order. */
export const steps = [
  "asked",
  "uploaded",
  "verified",
  "processed",
  "cataloged",
  "searchable",
] as const;
export type Step = (typeof steps)[number];

/** One picture on its way. Times in milliseconds since it set out. */
export interface Journey {
  picture: Picture;
  imageId: string | undefined;
  reached: Partial<Record<Step, number>>;
  /** Why it was refused; undefined as long as it was not. */
  refused: string | undefined;
}

export interface Travel {
  user: User;
  facts: Facts;
  /** Every picture gets it, so that this run finds its own. */
  tag: string;
  /** Resolves when the search answers with this picture. */
  searchable(imageId: string): Promise<void>;
}

/** Takes a picture through the whole flow; what refuses it on the way ends it, too. */
export async function travel(
  journey: Journey,
  { user, facts, tag, searchable }: Travel,
): Promise<void> {
  const { name, contentType, bytes } = journey.picture;
  const started = performance.now();
  const reach = (step: Step, at = performance.now()) => {
    journey.reached[step] = at - started;
  };

  const words = wordsOf(name);
  const form = await askForForm(user, {
    contentType,
    size: bytes.length,
    fileName: name,
    caption: words.join(" "),
    tags: [...words, tag],
  });
  journey.imageId = form.imageId;
  reach("asked");

  const sent = await sendForm(form, bytes);
  if (sent.status !== 201) throw new Error(`S3 answered ${sent.status} to ${name}.`);
  reach("uploaded");

  const verified = await facts.about(form.imageId, ({ type }) =>
    ["ImageUploaded", "UploadRejected"].includes(type),
  );
  reach("verified", verified.at);
  if (verified.type === "UploadRejected") {
    journey.refused = verified.reason?.message;
    return;
  }

  const processed = await facts.about(form.imageId, ({ type }) =>
    ["ImageProcessed", "ImageRejected"].includes(type),
  );
  reach("processed", processed.at);
  const cataloged = await facts.status(form.imageId, "ready", "rejected");
  reach("cataloged", cataloged.at);
  if (processed.type === "ImageRejected") {
    journey.refused = processed.reason?.message;
    return;
  }
  await searchable(form.imageId);
  reach("searchable");
}

/** `gps-nikon_2.jpg` → gps, nikon, 2: what the picture is tagged with and found by. */
export function wordsOf(fileName: string): string[] {
  const words = fileName
    .replace(/\.\w+$/, "")
    .normalize("NFC")
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== "");
  return [...new Set(words)].map((word) => word.slice(0, 64)).slice(0, 20);
}
