/** What the engine says of one document in one index. */
export interface BulkItem {
  status: number;
  result?: string;
  error?: { type: string; reason?: string; caused_by?: { reason?: string } };
}

/** What became of one document in all indexes that it was sent to. */
export type Applied =
  /** It is in each of them, or a newer one is. `changed` tells whether any of them had not had it. */
  | { kind: "applied"; changed: "created" | "updated" | undefined }
  /** None of them is there any more. */
  | { kind: "gone" }
  /** One of them will never take it. */
  | { kind: "refused"; reason: string }
  /** One of them could not take it now. */
  | { kind: "busy"; reason: string };

const CONFLICT = 409;
const TOO_MANY = 429;

/**
 * Sums up what each index said. A conflict is a success: a newer version is there already. An index
 * that is gone (its write alias does not exist) wants nothing any more. Of the rest, what may pass
 * comes first: a document is given up only when nothing else is the matter.
 */
export function outcomeOf(items: BulkItem[]): Applied {
  const there = items.filter((item) => item.error?.type !== "index_not_found_exception");
  if (there.length === 0) return { kind: "gone" };
  const failed = there.filter(({ status }) => status >= 300 && status !== CONFLICT);
  const busy = failed.find(({ status }) => status >= 500 || status === TOO_MANY);
  if (busy) return { kind: "busy", reason: `the engine is busy: ${describe(busy)}` };
  const [refused] = failed;
  if (refused) {
    return { kind: "refused", reason: `the engine refused the document: ${describe(refused)}` };
  }
  const results = there.map(({ result }) => result);
  const changed = (["created", "updated"] as const).find((result) => results.includes(result));
  return { kind: "applied", changed };
}

function describe({ status, error }: BulkItem): string {
  const { type, reason = "", caused_by: cause } = error ?? { type: "no reason given" };
  return `${status} ${type}: ${reason} ${cause?.reason ?? ""}`.trim();
}
