import { hashesStreams, sha256 as sha256Of } from "#platform";
import { contentOf, type ShoeboxClient } from "../client.ts";
import type { Announcement, Begun, Duplicate } from "../types.ts";
import { contentTypeOf } from "./content-type.ts";
import type { UploadOptions } from "./options.ts";

/** Bytes up to which a file is sent as one form. */
const LARGEST_FORM = 104_857_600;

/** Tells the service of a file, and learns how it is to be sent: or that it is there. */
export async function announce(
  client: ShoeboxClient,
  file: Blob,
  options: UploadOptions,
  signal: AbortSignal,
): Promise<Begun | Duplicate> {
  const { tags, caption, visibility, takenAt, ifDuplicate, sha256 } = options;
  const { contentType = await contentTypeOf(file), fileName = nameOf(file) } = options;
  const large = file.size > LARGEST_FORM;
  const computes = !large || hashesStreams || ifDuplicate === "return";
  const computed = sha256 === undefined && computes ? await sha256Of(file) : undefined;
  const body: Announcement = {
    contentType,
    size: file.size,
    fileName,
    sha256: sha256 || computed,
    ...(large && sha256 !== false && { partChecksums: "sha256" as const }),
    ifDuplicate,
    tags,
    caption,
    visibility,
    takenAt: takenAt instanceof Date ? takenAt.toISOString() : takenAt,
  };
  return await contentOf(client.api.POST("/v1/uploads", { body, signal }));
}

/** A `File` has one; asked like this, since not every runtime has the class. */
function nameOf(file: Blob): string | undefined {
  return "name" in file && typeof file.name === "string" && file.name !== ""
    ? file.name
    : undefined;
}
