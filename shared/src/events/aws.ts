import { z } from "zod";
import type { ReadableEvent } from "./define.ts";

/** S3's `Object Created`, as it arrives on the account's default bus. */
export const ObjectCreatedDetail = z.object({
  bucket: z.object({ name: z.string() }),
  object: z.object({
    key: z.string(),
    size: z.number().int().nonnegative(),
    etag: z.string(),
    "version-id": z.string().optional(),
    sequencer: z.string(),
  }),
  reason: z.string(),
});
export type ObjectCreatedDetail = z.infer<typeof ObjectCreatedDetail>;

/** An event of AWS's about an object in a bucket. */
export interface BucketEvent<E> extends ReadableEvent<E> {
  /** What a rule asks of the event's detail so that it gets those of one bucket alone. */
  ofBucket(name: string): Record<string, unknown>;
}

export const ObjectCreated: BucketEvent<ObjectCreatedDetail> = {
  source: "aws.s3",
  type: "Object Created",
  ofBucket: (name) => ({ bucket: { name: [name] } }),
  parse: (envelope) => ObjectCreatedDetail.parse(envelope.detail),
};

/** What GuardDuty Malware Protection for S3 says when it has looked at an object, or could not. */
export const ObjectScannedDetail = z.object({
  s3ObjectDetails: z.object({
    bucketName: z.string(),
    objectKey: z.string(),
    versionId: z.string().nullish(),
  }),
  scanResultDetails: z.object({
    /** NO_THREATS_FOUND, THREATS_FOUND, UNSUPPORTED, ACCESS_DENIED or FAILED. */
    scanResultStatus: z.string(),
    threats: z.array(z.object({ name: z.string() })).nullish(),
  }),
});
export type ObjectScannedDetail = z.infer<typeof ObjectScannedDetail>;

export const ObjectScanned: BucketEvent<ObjectScannedDetail> = {
  source: "aws.guardduty",
  type: "GuardDuty Malware Protection Object Scan Result",
  ofBucket: (name) => ({ s3ObjectDetails: { bucketName: [name] } }),
  parse: (envelope) => ObjectScannedDetail.parse(envelope.detail),
};
