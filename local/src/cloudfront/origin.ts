import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

export interface OriginOptions {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

export interface OriginRequest {
  method: "GET" | "HEAD";
  bucket: string;
  key: string;
  /** Only those that the behaviour lets pass. */
  query: URLSearchParams;
  headers: Record<string, string>;
  signal: AbortSignal;
}

export interface Origin {
  fetch(request: OriginRequest): Promise<IncomingMessage>;
  close(): void;
}

/** S3 as the origin: each request is signed with SigV4 as origin access control does it, and its answer comes as a stream. */
export function createOrigin(options: OriginOptions): Origin {
  const client = new S3Client({
    ...options,
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  return {
    async fetch({ method, bucket, key, query, headers, signal }) {
      const parameter = (name: string) => query.get(name) ?? undefined;
      const input = {
        Bucket: bucket,
        Key: key,
        VersionId: parameter("versionId"),
        ResponseContentDisposition: parameter("response-content-disposition"),
        ResponseContentType: parameter("response-content-type"),
        ResponseCacheControl: parameter("response-cache-control"),
      };
      const command = method === "GET" ? new GetObjectCommand(input) : new HeadObjectCommand(input);
      const url = await getSignedUrl(client, command, { expiresIn: 60 });
      return new Promise((resolve, reject) => {
        httpRequest(url, { method, headers, agent, signal })
          .once("response", resolve)
          .once("error", reject)
          .end();
      });
    },
    close() {
      agent.destroy();
      client.destroy();
    },
  };
}
