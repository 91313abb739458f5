import { AppError } from "../errors.ts";
import { seal, unseal } from "./seal.ts";

/**
 * An opaque place in a list. `scope` names whose list and which query it is: a cursor of another
 * user, of another query or with a flipped bit is refused. It is no secret and grants nothing: the
 * reader rebuilds the partition from the caller's own identity, never from the cursor.
 */
export function encodeCursor(position: unknown, scope: unknown): string {
  return seal(position, scope);
}

/**
 * The position inside, or a 400 `invalid-cursor`. Anybody can make a cursor, so the caller checks the
 * position's shape.
 */
export function decodeCursor<T>(cursor: string, scope: unknown): T {
  const position = unseal(cursor, scope);
  if (position !== undefined) return position as T;
  throw new AppError("invalid-cursor", "The cursor is damaged or belongs to another list.", {
    fields: [{ field: "cursor", message: "take it unchanged from the answer before" }],
  });
}
