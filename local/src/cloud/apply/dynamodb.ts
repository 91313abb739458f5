import { applyTable } from "../../dynamodb/apply-table.ts";
import type { Applier } from "./applier.ts";
import { text } from "./inputs.ts";

interface KeySchema {
  attributeName: string;
  keyType: "HASH" | "RANGE";
}

interface TableIndex {
  name: string;
  keySchemas: KeySchema[];
  projectionType: "ALL" | "KEYS_ONLY" | "INCLUDE";
  nonKeyAttributes?: string[];
}

const schema = (keys: KeySchema[]) =>
  keys.map((key) => ({ AttributeName: key.attributeName, KeyType: key.keyType }));

export const dynamodbAppliers: Record<string, Applier> = {
  "aws:dynamodb/table:Table": async ({ inputs }, { dynamodb, streamArns }) => {
    const attributes = inputs.attributes as { name: string; type: "S" | "N" | "B" }[];
    const indexes = (inputs.globalSecondaryIndexes ?? []) as TableIndex[];
    const ttl = inputs.ttl as { attributeName: string; enabled: boolean } | undefined;
    const { streamArn } = await applyTable(dynamodb, {
      TableName: text(inputs.name),
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: schema([
        { attributeName: text(inputs.hashKey), keyType: "HASH" },
        { attributeName: text(inputs.rangeKey), keyType: "RANGE" },
      ]),
      AttributeDefinitions: attributes.map((attribute) => ({
        AttributeName: attribute.name,
        AttributeType: attribute.type,
      })),
      ...(indexes.length > 0 && {
        GlobalSecondaryIndexes: indexes.map((index) => ({
          IndexName: index.name,
          KeySchema: schema(index.keySchemas),
          Projection: {
            ProjectionType: index.projectionType,
            ...(index.nonKeyAttributes && { NonKeyAttributes: index.nonKeyAttributes }),
          },
        })),
      }),
      ...(inputs.streamEnabled === true && {
        StreamSpecification: {
          StreamEnabled: true,
          StreamViewType: inputs.streamViewType as "NEW_AND_OLD_IMAGES",
        },
      }),
      ...(ttl && {
        TimeToLiveSpecification: { AttributeName: ttl.attributeName, Enabled: ttl.enabled },
      }),
    });
    // A stream's ARN ends in the time of its creation, which no program can know before.
    if (streamArn) streamArns.set(text(inputs.name), streamArn);
  },
};
