import type { Account, Call } from "./call.ts";
import type { Right } from "./policy.ts";

interface Body {
  TableName?: string;
  StreamArn?: string;
  IndexName?: string;
  RequestItems?: Record<string, { PutRequest?: unknown; DeleteRequest?: unknown }[]>;
  TransactItems?: Record<string, { TableName: string }>[];
}

/** IAM decides about the parts of a transaction by their own actions; there is no right to transactions as such. */
const PARTS: Record<string, string> = {
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
};

/** What a call of DynamoDB does (Service Authorization Reference, Amazon DynamoDB). */
export function dynamodbRights({ target, body }: Call, { region, accountId }: Account): Right[] {
  const operation = target.split(".")[1] ?? "";
  const request = JSON.parse(body()) as Body;
  const right = (action: string, table: string | undefined, index?: string): Right => ({
    action: `dynamodb:${action}`,
    resource: `arn:aws:dynamodb:${region}:${accountId}:table/${table}${index ? `/index/${index}` : ""}`,
  });
  switch (operation) {
    // An iterator leads to the records and says nothing of its stream: who gets one must be allowed to
    // read by it. A table has one stream; the graph knows it by no other name than this.
    case "GetShardIterator": {
      const table = /:table[/]([^/]+)[/]stream[/]/.exec(request.StreamArn ?? "")?.[1];
      return ["GetShardIterator", "GetRecords"].map((action) =>
        right(action, `${table}/stream/latest`),
      );
    }
    case "GetRecords":
      return [];
    case "GetItem":
    case "PutItem":
    case "UpdateItem":
    case "DeleteItem":
    case "Query":
    case "Scan":
      return [right(operation, request.TableName, request.IndexName)];
    case "BatchGetItem":
    case "BatchWriteItem":
      return Object.keys(request.RequestItems ?? {}).map((table) => right(operation, table));
    case "TransactWriteItems":
    case "TransactGetItems":
      return (request.TransactItems ?? []).flatMap((item) =>
        Object.entries(item).map(([part, { TableName }]) => right(PARTS[part] ?? part, TableName)),
      );
    default:
      throw new Error(`DynamoDB's ${operation} is not known to the local IAM.`);
  }
}
