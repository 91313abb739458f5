import { DynamoDbError, validation } from "./errors.ts";
import {
  type Context,
  type Input,
  type Output,
  prepare,
  type WriteRequest,
} from "./write-request.ts";

/** Milliseconds in which the same request token means the same transaction. */
const TOKEN_LIFE = 600_000;
const MOST = 100;

/** All writes or none. The same token within ten minutes is the same transaction, and does nothing again. */
export function transactWrite(input: Input, context: Context): Output {
  const requests = input.TransactItems as WriteRequest[];
  const token = input.ClientRequestToken === undefined ? "" : String(input.ClientRequestToken);
  const request = JSON.stringify(requests);
  const earlier = context.tokens.get(token);
  if (earlier && context.now() - earlier.at < TOKEN_LIFE) {
    if (earlier.request === request) return {};
    throw new DynamoDbError(
      "IdempotentParameterMismatchException",
      "The token was used with another request",
    );
  }
  if (requests.length > MOST)
    throw validation(`Member must have length less than or equal to ${MOST}`);
  const prepared = requests.map((one) => prepare(context.tables, one));
  const keys = prepared.map(({ table, key }) => `${table.spec.name} ${JSON.stringify(key)}`);
  if (new Set(keys).size < keys.length) {
    throw validation("Transaction request cannot include multiple operations on one item");
  }
  if (prepared.some(({ holds }) => !holds)) {
    throw cancelled(prepared.map(({ holds }) => (holds ? "None" : "ConditionalCheckFailed")));
  }
  for (const [position, { table, key, after }] of prepared.entries()) {
    if (!requests[position]?.ConditionCheck) table.write(key, after);
  }
  if (token) context.tokens.set(token, { at: context.now(), request });
  return {};
}

/** @param codes one for each item of the transaction */
export function cancelled(codes: string[]): DynamoDbError {
  return new DynamoDbError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(", ")}]`,
    { CancellationReasons: codes.map((Code) => ({ Code })) },
  );
}
