/** What browsers and Node do differently; `#platform` of package.json picks one of the two. */
export interface SendRequest {
  method: "POST" | "PUT";
  url: string;
  headers?: Record<string, string>;
  body: Blob;
  /** Bytes that are on their way, as the platform tells it. */
  onSent(bytes: number): void;
  signal: AbortSignal;
  /** Milliseconds without a byte in either direction after which it is given up. */
  idleTimeout: number;
}

export interface SendAnswer {
  status: number;
  etag: string | null;
  /** Short: what an object store says. */
  text: string;
}

/** Sends bytes with their length, which an object store insists on, and reports as they go. Rejects without an answer. */
export type Send = (request: SendRequest) => Promise<SendAnswer>;
