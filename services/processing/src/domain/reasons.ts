import type { Reason } from "@shoebox/shared/image";
import type { RejectReason } from "@shoebox/shared/metrics";

/** Why an original is refused for good, in words for the person who uploaded it. */
const messages = {
  "original-missing": "The uploaded file is no longer there.",
  "size-mismatch": "The stored file does not have the size that was announced.",
  "too-large": "The file is larger than pictures may be.",
  infected: "A malware scanner found something in the file.",
  "type-mismatch": "The file is not of the type that was declared.",
  undecodable: "The file is damaged or incomplete and can't be shown as a picture.",
  "too-many-pixels": "The picture has more pixels than can be processed.",
  "too-complex": "The picture takes too long to decode.",
  "processing-failed": "The picture could not be processed, although it was tried many times.",
} as const satisfies Partial<Record<RejectReason, string>>;

export type ReasonCode = keyof typeof messages;

export const reasonOf = (code: ReasonCode): Reason => ({ code, message: messages[code] });

/**
 * Thrown by a step whose finding is final: trying again would find the same. Everything else that
 * is thrown is trouble of ours and goes back to the queue.
 */
export class Rejection extends Error {
  readonly reason: Reason;

  constructor(code: ReasonCode, options?: { cause?: unknown }) {
    super(messages[code], options);
    this.name = "Rejection";
    this.reason = reasonOf(code);
  }
}
