import { SIGNED_URL_LIFETIME, type Visibility } from "@shoebox/shared/image";
import type { VisibleImage } from "./image-record.ts";
import { type Attribute, isoTime, type Occasion, stamp, type Write } from "./write.ts";

/** What the user wants changed; null takes a value away, what is absent stays. */
export interface Edit {
  tags?: string[];
  caption?: string | null;
  visibility?: Visibility;
  takenAt?: string | null;
}

/** The write that makes the image what the user wants, or undefined when it is that already. */
export function edited(image: VisibleImage, edit: Edit, occasion: Occasion): Write | undefined {
  const set: Write["set"] = {};
  const remove: Attribute[] = [];
  const tags = edit.tags ?? image.tags;
  if (tags.join(" ") !== image.tags.join(" ")) set.tags = tags;
  if (edit.visibility !== undefined && edit.visibility !== image.visibility) {
    set.visibility = edit.visibility;
    if (image.visibility === "public") {
      set.publicUntil = isoTime(occasion.now + SIGNED_URL_LIFETIME);
    }
  }
  for (const name of ["caption", "takenAt"] as const) {
    const wanted = edit[name];
    if (wanted === undefined || (wanted || undefined) === image[name]) continue;
    if (wanted) set[name] = wanted;
    else remove.push(name);
  }
  if (Object.keys(set).length === 0 && remove.length === 0) return undefined;
  return {
    absent: ["deletedAt"],
    present: ["s3Key"],
    equals: { version: image.version },
    set: { ...set, ...stamp(occasion) },
    remove,
    raise: true,
    links: {
      add: tags.filter((tag) => !image.tags.includes(tag)),
      remove: image.tags.filter((tag) => !tags.includes(tag)),
    },
  };
}
