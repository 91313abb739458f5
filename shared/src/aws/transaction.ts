import { setTimeout as pause } from "node:timers/promises";
import {
  TransactionCanceledException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from "@aws-sdk/lib-dynamodb";

export type TransactItem = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

/** What became of a transaction: all of it, or nothing, and then whose conditions did not hold. */
export type Transacted = { done: true } | { done: false; refused: number[] };

/** How often a write is tried again while another transaction holds one of its items: up to about 5 s. */
const ATTEMPTS = 8;

/**
 * Writes all items or none. A condition that does not hold is an answer; an item that another
 * transaction holds is waited for. The request token makes the SDK's own retry after a lost answer a
 * success, where the transaction would otherwise meet its own writes.
 */
export async function transact(
  client: DynamoDBDocumentClient,
  items: TransactItem[],
): Promise<Transacted> {
  try {
    await whenFree(() =>
      client.send(
        new TransactWriteCommand({
          TransactItems: items,
          ClientRequestToken: crypto.randomUUID(),
        }),
      ),
    );
    return { done: true };
  } catch (error) {
    const refused = refusedBy(error);
    if (refused.length > 0) return { done: false, refused };
    throw error;
  }
}

/** Tries a write again, for some seconds, while a transaction holds what it changes. */
export async function whenFree<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (!isBusy(error) || attempt === ATTEMPTS) throw error;
      await pause(Math.random() * 10 * 2 ** attempt);
    }
  }
}

function refusedBy(error: unknown): number[] {
  return reasons(error).flatMap((code, index) =>
    code === "ConditionalCheckFailed" ? [index] : [],
  );
}

function isBusy(error: unknown): boolean {
  if (error instanceof TransactionConflictException) return true;
  // A condition that does not hold is the answer, whatever else is the matter with other items.
  return refusedBy(error).length === 0 && reasons(error).includes("TransactionConflict");
}

function reasons(error: unknown): (string | undefined)[] {
  if (!(error instanceof TransactionCanceledException)) return [];
  return (error.CancellationReasons ?? []).map((reason) => reason.Code);
}
