import type { ImageState } from "@shoebox/shared/events/catalog";
import { newImageId } from "@shoebox/shared/ids";

const WORDS = ["harbour", "evening", "sail", "gull", "storm", "quay", "rope", "light"];
let made = 0;

/** An image that is ready, as the catalog tells it; each one is new and has some words of its own. */
export function imageState(ownerId: string, at = Date.now()): ImageState {
  const imageId = newImageId(at);
  const n = made++;
  const word = (offset: number) => WORDS[(n + offset) % WORDS.length] ?? "";
  const uploadedAt = new Date(at).toISOString();
  return {
    imageId,
    ownerId,
    version: 1,
    status: "ready",
    tags: ["sea", word(0), `trip-${n % 50}`],
    caption: `The ${word(1)} by the ${word(3)}, number ${n}`,
    visibility: "private",
    fileName: `IMG_${n}.jpg`,
    contentType: "image/jpeg",
    size: 2_481_337,
    width: 4_000,
    height: 3_000,
    uploadedAt,
    takenAt: uploadedAt,
    thumbHash: "3OcRJYB4d3h/iIeHeEh3eIhw+j2w",
    color: "#30546e",
    exif: { cameraMake: "FUJIFILM", cameraModel: "X100V", iso: 160, focalLength: 23 },
    renditions: ["thumb", "small", "medium", "large"].map((name) => ({
      name,
      format: "webp",
      width: 320,
      height: 240,
      size: 9_874,
      key: `renditions/${imageId}/${name}.webp`,
    })),
  };
}

/** Its event as EventBridge puts it into a queue. */
export function catalogedEvent(image: ImageState) {
  return {
    version: "0",
    id: crypto.randomUUID(),
    "detail-type": "ImageCataloged",
    source: "shoebox.catalog",
    account: "000000000000",
    time: image.uploadedAt,
    region: "us-east-1",
    resources: [],
    detail: {
      metadata: {
        eventId: crypto.randomUUID(),
        occurredAt: image.uploadedAt,
        correlationId: "bench-correlation",
        schemaVersion: 1,
        producer: "catalog",
      },
      data: { image },
    },
  };
}
