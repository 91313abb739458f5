import type { Progress } from "./progress.ts";

/** What an upload can be given; all of it may be left out. */
export interface UploadOptions {
  tags?: string[];
  caption?: string;
  /** `private` if not given. */
  visibility?: "private" | "public";
  takenAt?: string | Date;
  /** The name of a `File` if not given. */
  fileName?: string;
  /** By the file's first bytes if not given. */
  contentType?: string;
  /**
   * The file's SHA-256, in hex or base64; `false` for none. If not given it is computed: of files up to 100 MB, and in
   * Node, which needs not have it in memory for that, of every file. What arrives with another one is rejected.
   * Parts have checksums of their own in any case, unless it is `false`.
   */
  sha256?: string | false;
  /** `return`: makes no second image of what is there already with this SHA-256. */
  ifDuplicate?: "create" | "return";
  onProgress?: (progress: Progress) => void;
  /** Called once the upload has an id; keep that of one in parts to `resume` it. Again when a form had ended and a new one was needed. */
  onBegun?: (upload: { imageId: string; method: "POST" | "MULTIPART" }) => void;
  /** Ends the upload; it rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Leaves what was sent when the signal ends it, for `resume`. Otherwise that is deleted. */
  keepOnAbort?: boolean;
  /** The id of an upload in parts that was left: sends what is missing. When it is over, a new one is begun. */
  resume?: string;
  /** Parts on their way at the same time (4). */
  concurrency?: number;
  /** Milliseconds without a byte in either direction after which an attempt is given up (60,000). */
  idleTimeout?: number;
}
