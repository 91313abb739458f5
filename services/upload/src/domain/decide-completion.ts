import type { FieldError } from "@shoebox/shared/errors";
import type { Reason } from "@shoebox/shared/image";
import { partCount, partLength } from "./part-plan.ts";
import type { Multipart } from "./session.ts";

/** A part that the client says it has sent. */
export interface NamedPart {
  partNumber: number;
  etag: string;
  sha256?: string;
}

/** A part that the object store has. */
export interface StoredPart {
  partNumber: number;
  /** Bytes. */
  size: number;
  etag: string;
  sha256: string | undefined;
}

export type CompletionDecision =
  | { kind: "complete"; parts: StoredPart[] }
  /** More was sent than announced: the upload has failed. */
  | { kind: "reject"; reason: Reason }
  /** The request does not name every part once. */
  | { kind: "invalid"; problems: FieldError[] }
  /** The store does not have what the request names; what is missing can still be sent. */
  | { kind: "incomplete"; problems: FieldError[] };

/** Decides whether the stored parts are, all together, the object that was announced. */
export function decideCompletion(
  { size, multipart }: { size: number; multipart: Multipart },
  named: NamedPart[],
  stored: StoredPart[],
): CompletionDecision {
  const sent = stored.reduce((sum, part) => sum + part.size, 0);
  if (sent > size) {
    const message = `The parts have ${sent} bytes together; ${size} were announced.`;
    return { kind: "reject", reason: { code: "size-mismatch", message } };
  }
  const count = partCount(size, multipart.partSize);
  const invalid = misnamed(named, count);
  if (invalid.length > 0) return { kind: "invalid", problems: invalid };

  const byNumber = new Map(stored.map((part) => [part.partNumber, part]));
  const missing = named.flatMap((part) => {
    const length = partLength(size, multipart.partSize, part.partNumber);
    const message = difference(part, byNumber.get(part.partNumber), length);
    return message === undefined ? [] : [problem(part.partNumber, message)];
  });
  if (missing.length > 0) return { kind: "incomplete", problems: missing };
  // Every part has its length, and so all of them have the announced size.
  return { kind: "complete", parts: stored.toSorted((a, b) => a.partNumber - b.partNumber) };
}

function problem(partNumber: number, message: string): FieldError {
  return { field: "parts", message: `part ${partNumber} ${message}` };
}

function misnamed(named: NamedPart[], count: number): FieldError[] {
  const times = new Map<number, number>();
  for (const { partNumber } of named) times.set(partNumber, (times.get(partNumber) ?? 0) + 1);
  return [
    ...[...times].flatMap(([partNumber, n]) => {
      if (partNumber > count) return [problem(partNumber, `is not one of ${count} parts`)];
      return n > 1 ? [problem(partNumber, "is named more than once")] : [];
    }),
    ...Array.from({ length: count }, (_, index) => index + 1)
      .filter((partNumber) => !times.has(partNumber))
      .map((partNumber) => problem(partNumber, "is not named")),
  ];
}

function difference(
  named: NamedPart,
  stored: StoredPart | undefined,
  length: number,
): string | undefined {
  if (!stored) return "was not sent";
  if (stored.size !== length) return `has ${stored.size} bytes instead of ${length}; send it again`;
  if (stored.etag !== named.etag) return `has the ETag "${stored.etag}", another than named`;
  if (named.sha256 !== undefined && stored.sha256 !== undefined && named.sha256 !== stored.sha256) {
    return "has another SHA-256 than named";
  }
  return undefined;
}
