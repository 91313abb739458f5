import createFetchClient, { type Client } from "openapi-fetch";
import type { paths as CatalogPaths } from "./generated/catalog.ts";
import type { paths as ProcessingPaths } from "./generated/processing.ts";
import type { paths as SearchPaths } from "./generated/search.ts";
import type { paths as UploadPaths } from "./generated/upload.ts";
import { type Retry, type RetryOptions, retryWith } from "./retry.ts";
import { type Token, transport } from "./transport.ts";

/** Every route of the four services: they share one origin, and no path. */
export type Paths = UploadPaths & CatalogPaths & ProcessingPaths & SearchPaths;

export interface ClientOptions {
  /** Where the Shoebox is: `http://127.0.0.1:7070`, `https://photos.example`. In a page of its own origin: `""`. */
  url: string;
  token?: Token;
  retry?: RetryOptions;
  /** Instead of the global `fetch`. */
  fetch?: typeof globalThis.fetch;
}

/** A Shoebox, for the functions of this package. */
export interface ShoeboxClient {
  /** Without a slash at its end. */
  readonly url: string;
  readonly retry: Retry;
  /**
   * Every route by its path, typed: `client.api.GET("/v1/images/{imageId}", { params: { path: { imageId } } })`. It
   * resolves with `data` and `response`, whose headers have `ETag` and `Version-Token`, and throws a ShoeboxError
   * otherwise.
   */
  readonly api: Client<Paths>;
}

export function createClient(options: ClientOptions): ShoeboxClient {
  const { token, fetch = (input, init) => globalThis.fetch(input, init) } = options;
  const url = options.url.replace(/\/+$/, "");
  const retry = retryWith(options.retry);
  const api = createFetchClient<Paths>({ baseUrl: url, fetch: transport({ token, retry, fetch }) });
  return { url, retry, api };
}

/** What an answer holds: the transport has thrown for every other. */
export async function contentOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  return data as T;
}
