import { extensions, type Reason } from "@shoebox/shared/image";
import { attachment } from "./download-name.ts";
import { statusOf, type VisibleImage } from "./image-record.ts";

/** Which bytes of an image somebody wants. */
export interface Wanted {
  rendition: string;
  format?: string;
  download: boolean;
}

export type Decision =
  /** The object's path at the CDN and the query that belongs to it. */
  | { kind: "granted"; path: string; query: Record<string, string> }
  | { kind: "rejected"; reason: Reason }
  | { kind: "processing" }
  | { kind: "unknown"; available: string[] };

const renditionExtensions = { webp: "webp", jpeg: "jpg", avif: "avif" } as const;

/**
 * What the CDN may be asked for. Only a picture that processing found to be one is ever served,
 * also to its owner: before, nobody has scanned its bytes. The original is pinned to the version of
 * the object that was verified.
 */
export function decideDownload(image: VisibleImage, wanted: Wanted): Decision {
  const status = statusOf(image);
  if (image.rejected) return { kind: "rejected", reason: image.rejected };
  if (status !== "ready") return { kind: "processing" };
  const name = image.fileName ?? image.imageId;

  if (wanted.rendition === "original" && wanted.format === undefined) {
    const disposition = attachment(name, "", extensions[image.contentType]);
    return {
      kind: "granted",
      path: image.s3Key,
      query: {
        versionId: image.s3VersionId,
        ...(wanted.download && { "response-content-disposition": disposition }),
      },
    };
  }

  const renditions = image.processed?.renditions ?? [];
  const named = renditions.filter(({ name }) => name === wanted.rendition);
  const rendition = wanted.format
    ? named.find(({ format }) => format === wanted.format)
    : (named.find(({ format }) => format === "webp") ?? named[0]);
  if (!rendition) {
    const available = renditions.map(({ name, format }) => `${name} (${format})`);
    return { kind: "unknown", available: ["original", ...available] };
  }
  const disposition = attachment(name, `-${rendition.name}`, renditionExtensions[rendition.format]);
  return {
    kind: "granted",
    path: rendition.key,
    query: wanted.download ? { "response-content-disposition": disposition } : {},
  };
}
