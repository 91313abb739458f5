import { SqsError } from "./sqs-error.ts";

const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

export interface BatchEntry {
  Id: string;
}

/** The entries of a batch request, or what SQS answers when the batch as a whole cannot be taken. */
export function batchEntries<T extends BatchEntry>(request: Record<string, unknown>): T[] {
  const entries = (request.Entries ?? []) as T[];
  const refuse = (code: string, message: string) =>
    new SqsError(code, message, `AWS.SimpleQueueService.${code}`);
  if (entries.length === 0)
    throw refuse("EmptyBatchRequest", "There should be at least one entry in the request.");
  if (entries.length > 10)
    throw refuse("TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10.");
  if (entries.some(({ Id }) => !ENTRY_ID.test(Id))) {
    throw refuse(
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores, at most 80.",
    );
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw refuse(
      "BatchEntryIdsNotDistinct",
      "Two or more batch entries in the request have the same Id.",
    );
  }
  return entries;
}

/** Does each entry by itself: what one of them throws is that entry's failure and nobody else's. */
export function eachEntry<T extends BatchEntry>(
  entries: T[],
  act: (entry: T) => Record<string, unknown>,
): { Successful: Record<string, unknown>[]; Failed: Record<string, unknown>[] } {
  const Successful: Record<string, unknown>[] = [];
  const Failed: Record<string, unknown>[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...act(entry) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      Failed.push({
        Id: entry.Id,
        SenderFault: true,
        Code: error.queryCode,
        Message: error.message,
      });
    }
  }
  return { Successful, Failed };
}
