/** A request as the HTTP server hands it to the worker. */
export type WorkerRequest = {
  id: number;
  method: string;
  path: string;
  query: string;
  body: Uint8Array;
  /** The caller's clock when the request came, in milliseconds. */
  now: number;
};
/** `body` is JSON text, or undefined for an answer without one. */
export type WorkerAnswer = { id: number; status: number; body: string | undefined };
export type WorkerOptions = { dataDir: string };
