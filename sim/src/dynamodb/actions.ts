import { DynamoDbError, unsupported } from "./errors.ts";
import { query, scan } from "./query.ts";
import { transactWrite } from "./transactions.ts";
import type { Item } from "./values.ts";
import {
  allow,
  type Context,
  type Input,
  type Output,
  type Prepared,
  prepare,
  type Tables,
  type WriteRequest,
} from "./write-request.ts";

const actions: Record<string, (input: Input, context: Context) => Output> = {
  GetItem: ({ TableName, Key, ...rest }, { tables }) => {
    allow(rest, ["ConsistentRead"], "GetItem");
    const table = tables(String(TableName));
    const item = rest.ConsistentRead ? table.get(Key as Item) : table.getLate(Key as Item);
    return item ? { Item: item } : {};
  },
  BatchGetItem: (input, { tables }) => {
    const wanted = input.RequestItems as Record<string, { Keys: Item[]; ConsistentRead?: boolean }>;
    return {
      Responses: Object.fromEntries(
        Object.entries(wanted).map(([name, { Keys, ConsistentRead }]) => {
          const table = tables(name);
          const read = ConsistentRead ? table.get : table.getLate;
          return [name, Keys.flatMap((key) => read(key) ?? [])];
        }),
      ),
      UnprocessedKeys: {},
    };
  },
  PutItem: (input, { tables }) => write(tables, { Put: input }),
  UpdateItem: (input, { tables }) => write(tables, { Update: input }),
  DeleteItem: (input, { tables }) => write(tables, { Delete: input }),
  Query: (input, { tables }) => query(tables(String(input.TableName)), input),
  Scan: (input, { tables }) => scan(tables(String(input.TableName)), input),
  TransactWriteItems: transactWrite,
};

/** Answers one request. @throws DynamoDbError as DynamoDB would, and for what is not simulated */
export function act(operation: string, input: Input, context: Context): Output {
  const action = actions[operation];
  if (!action) throw unsupported(`operation ${operation}`);
  return action(input, context);
}

function write(tables: Tables, request: WriteRequest): Output {
  const prepared = prepare(tables, request);
  const { input, table, key, before, after } = prepared;
  if (!prepared.holds) throw conditionFailed(prepared);
  table.write(key, after);
  if (input.ReturnValues === "ALL_NEW") return { Attributes: after };
  if (input.ReturnValues === "ALL_OLD") return before ? { Attributes: before } : {};
  if (input.ReturnValues !== undefined && input.ReturnValues !== "NONE") {
    throw unsupported(`ReturnValues ${input.ReturnValues}`);
  }
  return {};
}

function conditionFailed({ input, before }: Prepared): DynamoDbError {
  const wanted = input.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && before;
  return new DynamoDbError(
    "ConditionalCheckFailedException",
    "The conditional request failed",
    wanted ? { Item: before } : {},
  );
}
