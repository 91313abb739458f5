import { decodeAwsChunked, incompleteBody, STREAMING_PAYLOADS } from "./aws-chunked.ts";
import type { Blob } from "./blobs.ts";
import type { ChecksumAlgorithm } from "./checksums.ts";
import { bodyDigester, type Digests } from "./digester.ts";
import type { Call } from "./operation.ts";
import { malformedXml, notImplemented, S3Error } from "./s3-error.ts";
import { parseXml, type XmlElement } from "./xml.ts";

const MAX_OBJECT = 5 * 1024 ** 3;
const MAX_XML = 2 * 1024 ** 2;

/**
 * Streams the body into `write`, then verifies all that the request says about it: its length, the
 * signed hash, chunk signatures, Content-MD5 and checksums. Whoever calls commits only afterwards.
 */
async function receive(
  call: Call,
  write: (chunk: Buffer) => Promise<void> | void,
  limit: number,
  fallback?: ChecksumAlgorithm,
): Promise<Digests> {
  const length = declaredLength(call);
  if (length > limit) {
    throw new S3Error(
      400,
      "EntityTooLarge",
      "Your proposed upload exceeds the maximum allowed size",
      {
        ProposedSize: length,
        MaxSizeAllowed: limit,
      },
    );
  }
  const { payload } = call.auth;
  const streaming = STREAMING_PAYLOADS.includes(payload);
  if (!streaming && payload !== "UNSIGNED-PAYLOAD" && !/^[0-9a-f]{64}$/.test(payload)) {
    throw notImplemented(`x-amz-content-sha256: ${payload}`);
  }
  const trailers = new Map<string, string>();
  const digester = bodyDigester(call.headers, {
    ...(/^[0-9a-f]{64}$/.test(payload) ? { payloadSha256: payload } : {}),
    ...(fallback ? { fallback } : {}),
  });
  let size = 0;
  const body = streaming ? decodeAwsChunked(call.body, call.auth, trailers) : call.body;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > length) throw incompleteBody();
    digester.update(chunk);
    await write(chunk);
  }
  if (size !== length) throw incompleteBody();
  return digester.finish(trailers);
}

function declaredLength(call: Call): number {
  const text =
    call.headers.get("x-amz-decoded-content-length") ?? call.headers.get("content-length");
  if (text === undefined || !/^\d{1,15}$/.test(text)) {
    throw new S3Error(
      411,
      "MissingContentLength",
      "You must provide the Content-Length HTTP header.",
    );
  }
  return Number(text);
}

/** Receives the body into a new blob; nothing is left of it when anything is wrong. */
export async function receiveBlob(
  call: Call,
  fallback?: ChecksumAlgorithm,
): Promise<{ blob: Blob; digests: Digests }> {
  const writer = await call.store.blobs.create();
  try {
    const digests = await receive(call, writer.write, MAX_OBJECT, fallback);
    await writer.close();
    return { blob: { id: writer.id, size: digests.size }, digests };
  } catch (error) {
    await writer.close();
    await call.store.blobs.remove(writer.id);
    throw error;
  }
}

export async function receiveText(call: Call): Promise<string> {
  const pieces: Buffer[] = [];
  await receive(call, (chunk) => void pieces.push(chunk), MAX_XML);
  return Buffer.concat(pieces).toString("utf8");
}

/** @throws S3Error MalformedXML when the root is not `rootName`. */
export async function receiveXml(call: Call, rootName: string): Promise<XmlElement> {
  const text = await receiveText(call);
  if (text === "") throw malformedXml();
  return parseXml(text, rootName);
}
