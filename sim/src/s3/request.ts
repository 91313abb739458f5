/** A request to the object store, taken apart. */
export interface S3Request {
  operation: string;
  bucket: string;
  key: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: Buffer;
}

export interface S3Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** What an operation is, as S3 tells it from method and query. */
export function operationOf(method: string, key: string, query: Record<string, string>): string {
  if (key === "") {
    if (method === "GET" && "versions" in query) return "ListObjectVersions";
    if (method === "GET" && "uploads" in query) return "ListMultipartUploads";
    if (method === "GET" && query["list-type"] === "2") return "ListObjectsV2";
    if (method === "POST" && "delete" in query) return "DeleteObjects";
    return `${method} of a bucket`;
  }
  if ("uploadId" in query) {
    if (method === "GET") return "ListParts";
    if (method === "POST") return "CompleteMultipartUpload";
    if (method === "DELETE") return "AbortMultipartUpload";
    if (method === "PUT") return "UploadPart";
  }
  if (method === "POST" && "uploads" in query) return "CreateMultipartUpload";
  const plain: Record<string, string> = {
    GET: "GetObject",
    HEAD: "HeadObject",
    PUT: "PutObject",
    DELETE: "DeleteObject",
  };
  return plain[method] ?? `${method} of an object`;
}

export function xmlAnswer(root: string, content: string): S3Answer {
  const body = Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${root}>`,
  );
  return { status: 200, headers: { "content-type": "application/xml" }, body };
}

export function s3Error(status: number, code: string, message = code): S3Answer {
  const body = Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
  return { status, headers: { "content-type": "application/xml" }, body };
}

export const EMPTY: S3Answer = { status: 204, headers: {}, body: Buffer.alloc(0) };

export function element(name: string, value: string | number | boolean | undefined): string {
  if (value === undefined) return "";
  const text = String(value).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  return `<${name}>${text}</${name}>`;
}

/** The contents of all elements of this name, however deep. */
export function elementsIn(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, "gs"))].map(([, inner = ""]) =>
    inner
      .replace(/&lt;/g, "<")
      .replace(/&gt;/g, ">")
      .replace(/&quot;/g, '"')
      .replace(/&amp;/g, "&"),
  );
}
