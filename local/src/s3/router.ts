import { abortMultipartUpload } from "./abort-multipart-upload.ts";
import { bucketSettings } from "./bucket-settings.ts";
import {
  createBucket,
  deleteBucket,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketVersioning,
} from "./buckets.ts";
import { completeMultipartUpload } from "./complete-multipart-upload.ts";
import { copyObject } from "./copy-object.ts";
import { createMultipartUpload } from "./create-multipart-upload.ts";
import { deleteObject } from "./delete-object.ts";
import { deleteObjects } from "./delete-objects.ts";
import { getObject, headObject } from "./get-object.ts";
import { listMultipartUploads } from "./list-multipart-uploads.ts";
import { listObjectVersions } from "./list-object-versions.ts";
import { listObjectsV2 } from "./list-objects.ts";
import { listParts } from "./list-parts.ts";
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from "./object-tagging.ts";
import type { Operation } from "./operation.ts";
import { putObject } from "./put-object.ts";
import { notImplemented, S3Error } from "./s3-error.ts";
import { isAuthParameter } from "./sigv4.ts";
import { uploadPart } from "./upload-part.ts";

const OPERATIONS: Operation[] = [
  listBuckets,
  createBucket,
  headBucket,
  deleteBucket,
  getBucketVersioning,
  putBucketVersioning,
  ...bucketSettings,
  listObjectsV2,
  listObjectVersions,
  listMultipartUploads,
  deleteObjects,
  putObject,
  copyObject,
  getObject,
  headObject,
  deleteObject,
  getObjectTagging,
  putObjectTagging,
  deleteObjectTagging,
  createMultipartUpload,
  uploadPart,
  listParts,
  completeMultipartUpload,
  abortMultipartUpload,
];

/** Signed and sent by every SDK, without a meaning of their own. */
const COMMON_HEADERS = [
  "x-amz-date",
  "x-amz-content-sha256",
  "x-amz-user-agent",
  "x-amz-expected-bucket-owner",
];
/** Headers without the x-amz- prefix that change what a request means. */
const CONDITIONAL_HEADERS = [
  "range",
  "if-match",
  "if-none-match",
  "if-modified-since",
  "if-unmodified-since",
];

export interface Target {
  method: string;
  bucket: string;
  key: string;
  query: ReadonlyMap<string, string>;
  headers: ReadonlyMap<string, string>;
}

/**
 * Finds the action that a request means.
 *
 * @throws S3Error 501 NotImplemented for an action, a query parameter or a header that is not known
 */
export function route(target: Target): Operation {
  const on = target.bucket === "" ? "service" : target.key === "" ? "bucket" : "object";
  const specificity = (one: Operation) => (one.select?.length ?? 0) + (one.selectHeader ? 1 : 0);
  const [operation] = OPERATIONS.filter(
    (one) =>
      one.method === target.method &&
      one.on === on &&
      (one.select ?? []).every((name) => target.query.has(name)) &&
      (one.selectHeader === undefined || target.headers.has(one.selectHeader)),
  ).sort((a, b) => specificity(b) - specificity(a));
  if (!operation) {
    const what = [
      target.method,
      on,
      ...[...target.query.keys()].filter((name) => !isAuthParameter(name)),
    ];
    throw notImplemented(`The request ${what.join(" ")}`);
  }
  assertUnderstood(operation, target);
  return operation;
}

function assertUnderstood(operation: Operation, { query, headers }: Target): void {
  const parameters = [...(operation.select ?? []), ...(operation.query ?? []), "x-id"];
  for (const name of query.keys()) {
    // In a presigned URL these are headers, and are checked as such.
    const isHeader = name.toLowerCase().startsWith("x-amz-");
    if (!isHeader && !parameters.includes(name)) {
      throw notImplemented(`The query parameter ${name} of ${operation.name}`);
    }
  }
  const understood = [...COMMON_HEADERS, ...(operation.headers ?? [])];
  const meta = understood.includes("x-amz-meta-");
  for (const name of headers.keys()) {
    const meaningful = name.startsWith("x-amz-") || CONDITIONAL_HEADERS.includes(name);
    if (!meaningful || understood.includes(name) || (meta && name.startsWith("x-amz-meta-")))
      continue;
    throw notImplemented(`The header ${name} of ${operation.name}`);
  }
  const owner = headers.get("x-amz-expected-bucket-owner");
  if (owner !== undefined && owner !== "000000000000")
    throw new S3Error(403, "AccessDenied", "Access Denied");
}
