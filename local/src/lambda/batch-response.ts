/** What a handler said about its batch: the identifiers that failed, or that all of it did. */
export type BatchVerdict = { allFailed: true } | { allFailed: false; failed: Set<string> };

const ALL_FAILED: BatchVerdict = { allFailed: true };

/**
 * Reads a partial batch response (`ReportBatchItemFailures`) by the documented rules: null, `{}` and an empty or null
 * list mean success; a missing, empty or unknown identifier, or another shape, fails the whole batch.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function readBatchResponse(payload: unknown, known: ReadonlySet<string>): BatchVerdict {
  if (payload === null || payload === undefined) return { allFailed: false, failed: new Set() };
  if (typeof payload !== "object" || Array.isArray(payload)) return ALL_FAILED;
  const list = (payload as { batchItemFailures?: unknown }).batchItemFailures ?? [];
  if (!Array.isArray(list)) return ALL_FAILED;
  const failed = new Set<string>();
  for (const entry of list as ({ itemIdentifier?: unknown } | null)[]) {
    const identifier = entry?.itemIdentifier;
    if (typeof identifier !== "string" || !known.has(identifier)) return ALL_FAILED;
    failed.add(identifier);
  }
  return { allFailed: false, failed };
}
