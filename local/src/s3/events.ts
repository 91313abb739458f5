import type { Store } from "./store.ts";
import type { ObjectVersion } from "./versions.ts";

/** The request (or the lifecycle rule) that changed an object, as an event names it. */
export interface Cause {
  reason:
    | "PutObject"
    | "POST Object"
    | "CopyObject"
    | "CompleteMultipartUpload"
    | "DeleteObject"
    | "Lifecycle Expiration";
  requestId: string;
  requester: string;
  /** Absent for lifecycle rules. */
  sourceIp?: string;
}

/**
 * What S3 sends to EventBridge's default bus; `time` is ISO 8601 in seconds.
 * Source: "EventBridge event message structure" of the Amazon S3 user guide. Keys are not
 * URL-encoded, unlike in S3's notifications to queues.
 */
export interface S3Event {
  source: "aws.s3";
  detailType: "Object Created" | "Object Deleted";
  resources: string[];
  time: string;
  detail: {
    version: "0";
    bucket: { name: string };
    object: {
      key: string;
      size?: number;
      etag: string;
      "version-id"?: string;
      sequencer: string;
    };
    "request-id": string;
    requester: string;
    "source-ip-address"?: string;
    reason: Cause["reason"];
    "deletion-type"?: "Permanently Deleted" | "Delete Marker Created";
  };
}

interface Change {
  detailType: S3Event["detailType"];
  deletionType?: S3Event["detail"]["deletion-type"];
  version: ObjectVersion;
  sequence: number;
  cause: Cause;
}

/**
 * Puts the event of a change into the outbox, if the bucket sends events to EventBridge. Called in
 * the transaction of the change itself, so neither can be there without the other.
 */
export function recordEvent(store: Store, change: Change): void {
  const { version, cause, deletionType } = change;
  const configuration = store.get<{ body: string }>(
    "SELECT body FROM settings WHERE bucket = ? AND name = 'notification'",
    version.bucket,
  );
  if (!configuration?.body.includes("EventBridgeConfiguration")) return;
  const event: S3Event = {
    source: "aws.s3",
    detailType: change.detailType,
    resources: [`arn:aws:s3:::${version.bucket}`],
    time: new Date(store.now()).toISOString().replace(/\.\d+Z$/, "Z"),
    detail: {
      version: "0",
      bucket: { name: version.bucket },
      object: {
        key: version.key,
        ...(deletionType ? {} : { size: version.size }),
        etag: version.etag,
        ...(version.versionId === "null" ? {} : { "version-id": version.versionId }),
        sequencer: change.sequence.toString(16).padStart(16, "0"),
      },
      "request-id": cause.requestId,
      requester: cause.requester,
      ...(cause.sourceIp === undefined ? {} : { "source-ip-address": cause.sourceIp }),
      reason: cause.reason,
      ...(deletionType ? { "deletion-type": deletionType } : {}),
    },
  };
  store.run("INSERT INTO outbox (entry) VALUES (?)", JSON.stringify(event));
}
