import { createHash, timingSafeEqual } from "node:crypto";
import { AppError } from "../errors.ts";

const TAG_BYTES = 12;

/**
 * An opaque place in a list. `scope` names whose list and which query it is: a cursor of another
 * user, of another query or with a flipped bit is refused. It is no secret and grants nothing: the
 * reader rebuilds the partition from the caller's own identity, never from the cursor.
 */
export function encodeCursor(position: unknown, scope: unknown): string {
  const payload = Buffer.from(JSON.stringify(position));
  return Buffer.concat([tag(payload, scope), payload]).toString("base64url");
}

/**
 * The position inside, or a 400 `invalid-cursor`. Anybody can make a cursor, so the caller checks the
 * position's shape.
 */
export function decodeCursor<T>(cursor: string, scope: unknown): T {
  const bytes = Buffer.from(cursor, "base64url");
  const payload = bytes.subarray(TAG_BYTES);
  const intact =
    bytes.length > TAG_BYTES &&
    bytes.toString("base64url") === cursor &&
    timingSafeEqual(bytes.subarray(0, TAG_BYTES), tag(payload, scope));
  if (!intact) throw invalid();
  try {
    return JSON.parse(payload.toString()) as T;
  } catch (error) {
    // There is no secret in the tag: who knows the scheme can write one around anything.
    throw invalid(error);
  }
}

function invalid(cause?: unknown): AppError {
  return new AppError("invalid-cursor", "The cursor is damaged or belongs to another list.", {
    cause,
    fields: [{ field: "cursor", message: "take it unchanged from the answer before" }],
  });
}

function tag(payload: Buffer, scope: unknown): Buffer {
  return createHash("sha256")
    .update(JSON.stringify(scope))
    .update("\0")
    .update(payload)
    .digest()
    .subarray(0, TAG_BYTES);
}
