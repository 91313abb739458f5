import { createHash } from "node:crypto";
import { hmac, safeEqual, sha256 } from "../sigv4/signing.ts";
import { ByteReader } from "./byte-reader.ts";
import { S3Error } from "./s3-error.ts";
import { signatureDoesNotMatch } from "./signing.ts";
import type { Authentication } from "./sigv4.ts";

const CRLF = Buffer.from("\r\n");
const MAX_LINE = 8192;

/** The payload markers of the aws-chunked encodings that are understood. */
export const STREAMING_PAYLOADS = [
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
];

/**
 * Decodes an aws-chunked body, verifies each chunk's signature when the payload is signed, and
 * puts the trailing headers into `trailers`. A chunk's bytes are handed on before its signature is
 * known to be right: whoever stores them commits only after the last one.
 * Source: "Signature Calculations for the Authorization Header: Transferring Payload in Multiple
 * Chunks" of the Amazon S3 API reference.
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  auth: Authentication,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source, incompleteBody);
  const line = async () => (await reader.collectUntil(CRLF, MAX_LINE, incompleteBody)).toString();
  const signed = auth.payload.startsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
  const hasTrailer = auth.payload.endsWith("-TRAILER");
  let previous = auth.signature;
  const verify = (kind: string, hashes: string[], signature: string | undefined) => {
    const lines = [`AWS4-HMAC-SHA256-${kind}`, auth.amzDate, auth.scope, previous, ...hashes];
    const expected = hmac(auth.signingKey, lines.join("\n")).toString("hex");
    if (!safeEqual(expected, signature ?? "")) throw signatureDoesNotMatch();
    previous = expected;
  };

  for (;;) {
    const match = /^([0-9a-fA-F]{1,10})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(await line());
    if (!match) throw incompleteBody();
    const size = Number.parseInt(match[1] ?? "", 16);
    const hash = createHash("sha256");
    for await (const piece of reader.exactly(size)) {
      if (signed) hash.update(piece);
      yield piece;
    }
    if (signed) verify("PAYLOAD", [sha256(""), hash.digest("hex")], match[2]);
    if (size === 0) break;
    if ((await line()) !== "") throw incompleteBody();
  }

  // The closing empty line is missing in some senders' bodies, so the end of the body ends it too.
  while (!(await reader.atEnd())) {
    const text = await line();
    if (text === "") break;
    const colon = text.indexOf(":");
    trailers.set(text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim());
  }
  if (signed && hasTrailer) {
    const signature = trailers.get("x-amz-trailer-signature");
    const lines = [...trailers]
      .filter(([name]) => name !== "x-amz-trailer-signature")
      .map(([name, value]) => `${name}:${value}\n`);
    verify("TRAILER", [sha256(lines.join(""))], signature);
  }
}

export const incompleteBody = () =>
  new S3Error(
    400,
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header",
  );
