import type { Cause } from "./events.ts";
import type { Authentication } from "./sigv4.ts";
import type { Store } from "./store.ts";

/** An authenticated request, as an action sees it. */
export interface Call {
  readonly store: Store;
  readonly method: string;
  /** Empty for calls on the service itself. */
  readonly bucket: string;
  /** Empty for calls on a bucket. */
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  /** Lower-case names; x-amz-* query parameters of presigned URLs count as headers. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: AsyncIterable<Buffer>;
  readonly auth: Authentication;
  readonly cause: Omit<Cause, "reason">;
  /** `http://host:port`, for Location elements. */
  readonly baseUrl: string;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string | number | undefined>;
  /** Text is XML unless `content-type` says otherwise; bytes need their `content-length`. */
  body?: string | AsyncIterable<Buffer>;
}

/**
 * One action of S3: how a request for it looks, and what it does. Query parameters and meaningful
 * headers which are not listed here make the request a 501.
 */
export interface Operation {
  name: string;
  method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  on: "service" | "bucket" | "object";
  /** Query parameters that must be there for this action to be meant. */
  select?: string[];
  /** A header that must be there for this action to be meant. */
  selectHeader?: string;
  /** Further query parameters it understands. */
  query?: string[];
  /** Headers with meaning it understands; `x-amz-meta-*` when `x-amz-meta-` is listed. */
  headers?: string[];
  /** CreateBucket only: the bucket need not exist. */
  withoutBucket?: boolean;
  run(call: Call): Promise<Reply> | Reply;
}

/** What every action with a body understands. */
export const BODY_HEADERS = [
  "content-md5",
  "x-amz-sdk-checksum-algorithm",
  "x-amz-decoded-content-length",
  "x-amz-trailer",
  "x-amz-checksum-crc32",
  "x-amz-checksum-sha1",
  "x-amz-checksum-sha256",
];
