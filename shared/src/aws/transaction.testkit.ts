import { Readable } from "node:stream";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/**
 * What DynamoDB answers on the wire while another transaction holds an item.
 * Source: "TransactWriteItems" and "UpdateItem" of the DynamoDB API reference.
 */
const HELD = {
  TransactWriteItemsCommand: {
    __type: "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
    Message:
      "Transaction cancelled, please refer cancellation reasons for specific reasons [TransactionConflict]",
    CancellationReasons: [
      { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" },
    ],
  },
  UpdateItemCommand: {
    __type: "com.amazonaws.dynamodb.v20120810#TransactionConflictException",
    message: "Transaction is ongoing for the item",
  },
};

/**
 * Has the client's next writes of this kind answered as if another transaction held an item: the
 * local DynamoDB does one transaction after the other and never says so by itself. The bytes come in
 * place of the network's, so the SDK reads them as it would on AWS.
 *
 * @returns how many writes of the kind were made so far, and a function that ends it
 */
export function holdItems(
  client: DynamoDBDocumentClient,
  kind: keyof typeof HELD,
  times: number,
): { writes(): number; release(): void } {
  let writes = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName !== kind) return next(args);
      writes += 1;
      if (writes > times) return next(args);
      const body = Readable.from([Buffer.from(JSON.stringify(HELD[kind]))]);
      const headers = { "content-type": "application/x-amz-json-1.0" };
      return { response: { statusCode: 400, headers, body } } as never;
    },
    { step: "deserialize", name: "held", priority: "low" },
  );
  return { writes: () => writes, release: () => void client.middlewareStack.remove("held") };
}
