import type { Call } from "./call.ts";
import type { Right } from "./policy.ts";

/** What a call of S3 does, by method, path and query (Service Authorization Reference, Amazon S3). Path-style only. */
export function s3Rights({ method, path, query, body }: Call): Right[] {
  const [bucket = "", ...rest] = path.slice(1).split("/");
  const key = decodeURIComponent(rest.join("/"));
  const right = (action: string, name = key): Right => ({
    action: `s3:${action}`,
    resource: `arn:aws:s3:::${bucket}${name ? `/${name}` : ""}`,
  });
  const versioned = (action: string) => right(query.has("versionId") ? `${action}Version` : action);
  if (!key) return bucketRights(method, query, body, right);
  switch (method) {
    case "GET":
      if (query.has("tagging")) {
        return [right(query.has("versionId") ? "GetObjectVersionTagging" : "GetObjectTagging")];
      }
      return [query.has("uploadId") ? right("ListMultipartUploadParts") : versioned("GetObject")];
    case "HEAD":
      return [versioned("GetObject")];
    // Beginning and completing a multipart upload, and sending a part, are the right to put the object.
    case "PUT":
    case "POST":
      return [right("PutObject")];
    case "DELETE":
      return [query.has("uploadId") ? right("AbortMultipartUpload") : versioned("DeleteObject")];
    default:
      throw new Error(`S3's ${method} of an object is not known to the local IAM.`);
  }
}

function bucketRights(
  method: string,
  query: URLSearchParams,
  body: () => string,
  right: (action: string, key?: string) => Right,
): Right[] {
  if (method === "HEAD") return [right("ListBucket")];
  if (method === "GET" && query.has("versions")) return [right("ListBucketVersions")];
  if (method === "GET" && query.has("uploads")) return [right("ListBucketMultipartUploads")];
  if (method === "GET" && query.has("list-type")) return [right("ListBucket")];
  if (method === "POST" && query.has("delete")) return deletions(body(), right);
  throw new Error(`S3's ${method} of a bucket (${query}) is not known to the local IAM.`);
}

/** DeleteObjects: each object by itself, a version by the right to delete versions. */
function deletions(body: string, right: (action: string, key?: string) => Right): Right[] {
  return [...body.matchAll(/<Object>(.*?)<\/Object>/gs)].map(([, object = ""]) => {
    const key = /<Key>(.*?)<\/Key>/s.exec(object)?.[1] ?? "";
    return right(object.includes("<VersionId>") ? "DeleteObjectVersion" : "DeleteObject", key);
  });
}
