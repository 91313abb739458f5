import type { UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import type { ImageKey } from "../domain/image-record.ts";
import type { Write } from "../domain/write.ts";
import { itemKey } from "./image-item.ts";

export type ConditionalUpdate = Pick<
  UpdateCommandInput,
  | "TableName"
  | "Key"
  | "ConditionExpression"
  | "ExpressionAttributeNames"
  | "ExpressionAttributeValues"
> & { UpdateExpression: string };

/** A write of the domain in DynamoDB's words: one update that does all or nothing. */
export function toUpdate(table: string, key: ImageKey, write: Write): ConditionalUpdate {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const name = (attribute: string) => {
    names[`#${attribute}`] = attribute;
    return `#${attribute}`;
  };
  const value = (as: string, is: unknown) => {
    values[`:${as}`] = is;
    return `:${as}`;
  };

  const conditions = [
    ...write.absent.map((attribute) => `attribute_not_exists(${name(attribute)})`),
    ...write.present.map((attribute) => `attribute_exists(${name(attribute)})`),
    ...Object.entries(write.equals).map(
      ([attribute, is]) => `${name(attribute)} = ${value(`seen_${attribute}`, is)}`,
    ),
    ...Object.entries(write.below ?? {}).map(([attribute, is]) => {
      const held = name(attribute);
      return `(attribute_not_exists(${held}) OR ${held} < ${value(`below_${attribute}`, is)})`;
    }),
  ];
  const sets = Object.entries(write.set)
    .filter(([, is]) => is !== undefined)
    .map(([attribute, is]) => `${name(attribute)} = ${value(attribute, is)}`);
  if (write.raise) {
    const version = name("version");
    sets.push(`${version} = if_not_exists(${version}, ${value("zero", 0)}) + ${value("one", 1)}`);
  }
  const removes = write.remove.map(name);

  return {
    TableName: table,
    Key: itemKey(key),
    UpdateExpression: `SET ${sets.join(", ")}${removes.length > 0 ? ` REMOVE ${removes.join(", ")}` : ""}`,
    ConditionExpression: conditions.join(" AND "),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}
