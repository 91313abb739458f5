import type { ImageUploaded } from "@shoebox/shared/events/upload";
import { imageIdTime } from "@shoebox/shared/ids";
import type { z } from "zod";
import { shardOf } from "./image-record.ts";
import { isoTime, type Occasion, stamp, type Write } from "./write.ts";

/**
 * Upload's part, and the beginning of the user's. The time of upload is the one inside the image
 * id: what lists range over and what readers are shown can't differ.
 */
export function uploaded(data: z.infer<typeof ImageUploaded.data>, occasion: Occasion): Write {
  const uploadTime = isoTime(imageIdTime(data.imageId));
  return {
    absent: ["s3Key", "deletedAt"],
    present: [],
    equals: {},
    set: {
      ...stamp(occasion),
      s3Key: data.key,
      s3VersionId: data.versionId,
      contentType: data.contentType,
      size: data.size,
      fileName: data.fileName,
      uploadTime,
      uploadDate: `${uploadTime.slice(0, 10)}#${shardOf(data.imageId)}`,
      tags: data.tags,
      caption: data.caption || undefined,
      visibility: data.visibility,
      takenAt: data.takenAt,
    },
    remove: [],
    raise: true,
    links: { add: data.tags, remove: [] },
  };
}
