import { createHash } from "node:crypto";
import type { User } from "./client.ts";

/** A multipart upload as the API begins it. */
export interface Begun {
  imageId: string;
  method: "MULTIPART";
  partSize: number;
  partCount: number;
  expiresAt: string;
}

export interface SentPart {
  partNumber: number;
  etag: string;
}

interface SignedPart {
  partNumber: number;
  url: string;
  size: number;
  headers?: Record<string, string>;
}

/** A file that is never in memory as a whole: a picture, and behind it filling up to `size` bytes. */
export interface LargeFile {
  size: number;
  slice(from: number, to: number): Buffer<ArrayBuffer>;
  /** Of the whole, in hex. */
  sha256(): string;
}

/** Decoders read a JPEG up to its end and no further, so what follows makes it large and nothing else. */
export function largeFile(picture: Buffer, size: number): LargeFile {
  const slice = (from: number, to: number) => {
    const end = Math.min(to, size);
    const bytes = Buffer.alloc(end - from, (from / 1024) % 251);
    if (from < picture.length) picture.copy(bytes, 0, from, Math.min(picture.length, end));
    return bytes;
  };
  return {
    size,
    slice,
    sha256() {
      const hash = createHash("sha256");
      for (let from = 0; from < size; from += STEP) hash.update(slice(from, from + STEP));
      return hash.digest("hex");
    },
  };
}

/** Bytes: the parts of the API, since a slice's filling depends on where it begins. */
const STEP = 16 * 1024 ** 2;

export async function beginInParts(user: User, body: object): Promise<Begun> {
  const answer = await user.call<Begun>("POST", "/v1/uploads", { body });
  if (answer.status !== 201) {
    throw new Error(`POST /v1/uploads answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  return answer.body;
}

/** Asks for the URLs of these parts and sends them, a few at a time. */
export async function sendParts(
  user: User,
  { imageId, partSize }: Begun,
  file: LargeFile,
  partNumbers: number[],
): Promise<SentPart[]> {
  const { body } = await user.call<{ urls: SignedPart[] }>("POST", `/v1/uploads/${imageId}/parts`, {
    body: { partNumbers },
  });
  const queue = [...body.urls];
  const sent: SentPart[] = [];
  const worker = async () => {
    for (let part = queue.shift(); part; part = queue.shift()) {
      const from = (part.partNumber - 1) * partSize;
      const response = await fetch(part.url, {
        method: "PUT",
        headers: part.headers,
        body: file.slice(from, from + part.size),
      });
      if (!response.ok) throw new Error(`Part ${part.partNumber}: ${await response.text()}`);
      sent.push({ partNumber: part.partNumber, etag: response.headers.get("etag") ?? "" });
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  return sent;
}

export function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
