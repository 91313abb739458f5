import type { IncomingMessage } from "node:http";
import type { ReceivedRequest } from "../sigv4/signing.ts";
import { invalidArgument, S3Error } from "./s3-error.ts";

export interface ParsedRequest extends ReceivedRequest {
  bucket: string;
  key: string;
  parameters: ReadonlyMap<string, string>;
}

/**
 * Takes a path-style request apart: `/bucket/key?query`. Header values are UTF-8, as S3 reads them.
 *
 * @throws S3Error InvalidURI, InvalidArgument (a query parameter given twice)
 */
export function parseRequest(request: IncomingMessage): ParsedRequest {
  const url = request.url ?? "/";
  const mark = url.indexOf("?");
  const rawPath = mark < 0 ? url : url.slice(0, mark);
  const rawQuery = mark < 0 ? "" : url.slice(mark + 1);
  try {
    const path = decodeURIComponent(rawPath);
    const [, bucket = "", key = ""] = /^\/([^/]*)(?:\/(.*))?$/s.exec(path) ?? [];
    const query = rawQuery
      .split("&")
      .filter((pair) => pair !== "")
      .map((pair) => {
        const equals = pair.indexOf("=");
        const [name, value] =
          equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
        return [decodeQuery(name), decodeQuery(value)] as const;
      });
    const parameters = new Map(query);
    if (parameters.size !== query.length)
      throw invalidArgument("A query parameter may be given only once.");
    return {
      method: request.method ?? "GET",
      rawPath,
      query,
      headers: readHeaders(request),
      bucket,
      key,
      parameters,
    };
  } catch (error) {
    if (error instanceof URIError)
      throw new S3Error(400, "InvalidURI", "Couldn't parse the specified URI.");
    throw error;
  }
}

const decodeQuery = (text: string) => decodeURIComponent(text.replaceAll("+", " "));

function readHeaders(request: IncomingMessage): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    headers.set(name, Buffer.from((values ?? []).join(","), "latin1").toString("utf8"));
  }
  return headers;
}

/** A presigned URL carries headers in its query; they count as if they had been sent. */
export function withQueryHeaders({ query, headers }: ParsedRequest): Map<string, string> {
  const merged = new Map(headers);
  for (const [name, value] of query) {
    const lower = name.toLowerCase();
    const auth = [
      "algorithm",
      "credential",
      "date",
      "expires",
      "signedheaders",
      "signature",
      "content-sha256",
    ];
    if (lower.startsWith("x-amz-") && !auth.includes(lower.slice("x-amz-".length)))
      merged.set(lower, value);
  }
  return merged;
}
