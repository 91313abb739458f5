import type { WireEvent } from "./wire.ts";

/** An event as the page shows it. */
export interface Fact {
  /** Of the envelope; a replayed event keeps it, so the name of the replay is added. */
  key: string;
  type: string;
  source: string;
  bus: string;
  /** Milliseconds. */
  at: number;
  /** The queues that it was sent to. */
  queues: string[];
  replay?: string;
  imageId?: string;
  ownerId?: string;
  correlationId?: string;
  /** What became of the image, where the event says so. */
  status?: ImageStatus;
  reason?: string;
  thumbHash?: string;
  version?: number;
  detail: Record<string, unknown>;
}

export type ImageStatus = "arrived" | "uploaded" | "processing" | "ready" | "rejected" | "deleted";

interface Data {
  imageId?: string;
  ownerId?: string;
  thumbHash?: string;
  version?: number;
  reason?: { message?: string; code?: string };
  image?: Data & { status?: ImageStatus };
}

/** What an image has come to, by the type of the event that tells it; those of the catalog say it themselves. */
const STATUS: Record<string, ImageStatus> = {
  "Object Created": "arrived",
  ImageUploaded: "uploaded",
  UploadRejected: "rejected",
  ImageRejected: "rejected",
  ImageDeleted: "deleted",
  OriginalDeleted: "deleted",
  RenditionsDeleted: "deleted",
};

const KEY = /([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})(?:\.\w+)?$/;

/** Reads an envelope, ours or S3's; what it does not say is left out. */
export function factOf(event: WireEvent): Fact {
  const { metadata, data, object } = event.detail as {
    metadata?: { correlationId?: string };
    data?: Data;
    object?: { key?: string };
  };
  const about = data?.image ?? data;
  const type = event["detail-type"];
  const replay = event["replay-name"];
  return {
    key: replay ? `${event.id} ${replay}` : event.id,
    type,
    source: event.source,
    bus: event.bus,
    at: event.at,
    queues: event.queues ?? [],
    replay,
    imageId: about?.imageId ?? KEY.exec(object?.key ?? "")?.[1],
    ownerId: about?.ownerId,
    correlationId: metadata?.correlationId,
    status: data?.image?.status ?? STATUS[type],
    reason: about?.reason?.message ?? about?.reason?.code,
    thumbHash: about?.thumbHash,
    version: about?.version,
    detail: event.detail,
  };
}
