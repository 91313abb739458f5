import type { Readable } from "node:stream";

/** One version of an uploaded object. */
export interface OriginalRef {
  bucket: string;
  key: string;
  versionId: string;
}

export interface Originals {
  /** The object's bytes as a stream and how many S3 says they are; undefined when that version is gone. */
  open(original: OriginalRef): Promise<{ size: number; body: Readable } | undefined>;
}

export interface RenditionStore {
  put(object: {
    key: string;
    body: Buffer;
    contentType: string;
    correlationId: string;
  }): Promise<void>;
  /** Removes whatever is there of an image; succeeds when there is nothing. */
  removeAll(imageId: string): Promise<void>;
}

export type Verdict = { clean: true } | { clean: false; signature: string };

export interface Scanner {
  /** Throws when it can't tell: a scanner that is down never means clean. */
  scan(bytes: AsyncIterable<Buffer>): Promise<Verdict>;
}
