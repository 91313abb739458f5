import { createHash } from "node:crypto";
import { parseCondition } from "./condition.ts";
import { unsupported, validation } from "./errors.ts";
import { placeholders, refuseUnused, Tokens } from "./expression.ts";
import type { Table } from "./table.ts";
import { compare, type Item } from "./values.ts";
import { allow, type Input, type Output } from "./write-request.ts";

const KNOWN = [
  "TableName",
  "IndexName",
  "KeyConditionExpression",
  "FilterExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "ScanIndexForward",
  "ExclusiveStartKey",
  "Limit",
  "ConsistentRead",
  "ProjectionExpression",
  "Select",
  "Segment",
  "TotalSegments",
];

/** One page of what a key condition finds. The filter comes after the limit, as in DynamoDB. */
export function query(table: Table, input: Input): Output {
  allow(input, KNOWN, "Query");
  const given = placeholders(input);
  const isKey = parseCondition(String(input.KeyConditionExpression), given);
  const source = sourceOf(table, input);
  const found = source.items.filter(isKey).sort(source.order);
  if (input.ScanIndexForward === false) found.reverse();
  return page(found, input, source.keys, given);
}

/** One page of all there is. */
export function scan(table: Table, input: Input): Output {
  allow(input, KNOWN, "Scan");
  const source = sourceOf(table, input);
  const segments = Number(input.TotalSegments ?? 1);
  const own = source.items.filter(
    (item) => segmentOf(String(item.PK?.S), segments) === Number(input.Segment ?? 0),
  );
  return page(own, input, source.keys, placeholders(input));
}

function sourceOf(table: Table, { IndexName, ConsistentRead }: Input) {
  if (IndexName === undefined) {
    return {
      items: ConsistentRead ? table.items() : table.itemsLate(),
      keys: ["PK", "SK"],
      order: byRange("SK"),
    };
  }
  if (ConsistentRead) {
    throw validation("Consistent reads are not supported on global secondary indexes");
  }
  const index = table.index(String(IndexName));
  if (!index) throw validation(`The table does not have the specified index: ${IndexName}`);
  const { hashKey, rangeKey } = index.spec;
  const keys = [...new Set(["PK", "SK", hashKey, ...(rangeKey === undefined ? [] : [rangeKey])])];
  return { items: index.items(), keys, order: byRange(rangeKey ?? "PK") };
}

/** By the range key; between equals the item's own key decides, so that pages have an order. */
function byRange(rangeKey: string): (a: Item, b: Item) => number {
  const names = [rangeKey, "PK", "SK"];
  return (a, b) => {
    for (const name of names) {
      const order = compare(a[name], b[name]) ?? 0;
      if (order !== 0) return order;
    }
    return 0;
  };
}

function page(
  found: Item[],
  input: Input,
  keys: string[],
  given: ReturnType<typeof placeholders>,
): Output {
  const keyOf = (item: Item) =>
    Object.fromEntries(keys.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
  const start = input.ExclusiveStartKey as Item | undefined;
  const from = start ? startAfter(found, start, input) : 0;
  const limit = input.Limit === undefined ? found.length : Number(input.Limit);
  const seen = found.slice(from, from + limit);
  const filter =
    input.FilterExpression === undefined
      ? () => true
      : parseCondition(String(input.FilterExpression), given);
  const items = seen.filter(filter);
  const project = projection(input, given);
  refuseUnused(given);
  const last = seen.at(-1);
  // A full page has a place to go on from, also when nothing comes after it.
  const more = last !== undefined && input.Limit !== undefined && seen.length === limit;
  return {
    ...(input.Select === "COUNT" ? {} : { Items: items.map(project) }),
    Count: items.length,
    ScannedCount: seen.length,
    ...(more && { LastEvaluatedKey: keyOf(last) }),
  };
}

/** Only whole attributes can be asked for. */
function projection(
  { ProjectionExpression: expression }: Input,
  given: ReturnType<typeof placeholders>,
): (item: Item) => Item {
  if (expression === undefined) return (item) => item;
  const tokens = new Tokens(String(expression), given);
  const names: string[] = [];
  do {
    const [name = "", ...inside] = tokens.path();
    if (inside.length > 0) throw unsupported("projection of something inside of an attribute");
    names.push(name);
  } while (tokens.take(","));
  return (item) =>
    Object.fromEntries(names.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
}

/** The place behind the start key, which need not exist any more. */
function startAfter(found: Item[], start: Item, input: Input): number {
  const names = Object.keys(start).filter((name) => name !== "PK" && name !== "SK");
  const order = [...names, "PK", "SK"];
  const forward = input.ScanIndexForward !== false;
  const behind = found.findIndex((item) => {
    for (const name of order) {
      const difference = compare(item[name], start[name]) ?? 0;
      if (difference !== 0) return forward ? difference > 0 : difference < 0;
    }
    return false;
  });
  return behind === -1 ? found.length : behind;
}

function segmentOf(partitionKey: string, segments: number): number {
  if (segments === 1) return 0;
  return createHash("sha256").update(partitionKey).digest().readUInt16BE(0) % segments;
}
