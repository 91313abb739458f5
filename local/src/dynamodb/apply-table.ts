import { isDeepStrictEqual } from "node:util";
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type GlobalSecondaryIndexDescription,
  type KeySchemaElement,
  ResourceNotFoundException,
  type TableDescription,
  type TimeToLiveSpecification,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";

/** A table as declared: what CreateTable takes, and the TTL that DynamoDB sets by a call of its own. */
export interface TableDeclaration extends CreateTableCommandInput {
  TableName: string;
  TimeToLiveSpecification?: TimeToLiveSpecification;
}

/**
 * Makes the table what its declaration says, as often as it is called: creates it, or adds and removes global
 * secondary indexes and sets stream and TTL of the one that exists. Data is never given up for it: a change that
 * only a new table can bring is refused with a sentence that names the way out.
 */
export async function applyTable(
  client: DynamoDBClient,
  declared: TableDeclaration,
): Promise<{ tableArn: string; streamArn: string | undefined }> {
  const { TimeToLiveSpecification: ttl, ...input } = declared;
  const existing = await describe(client, declared.TableName);
  if (existing === undefined) {
    await client.send(new CreateTableCommand(input));
  } else {
    refuseChangedKeys(existing, declared);
    await applyIndexes(client, existing, declared);
    await applyStream(client, existing, declared);
  }
  await applyTtl(client, declared.TableName, ttl);
  const table = await describe(client, declared.TableName);
  return { tableArn: inRegion(table?.TableArn) ?? "", streamArn: inRegion(table?.LatestStreamArn) };
}

/** dynoxide puts its own name where the region belongs, and reads ARNs of every region. */
function inRegion(arn: string | undefined): string | undefined {
  return arn?.replace(":dynamodb:dynoxide:", ":dynamodb:us-east-1:");
}

async function describe(
  client: DynamoDBClient,
  name: string,
): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

function refuseChangedKeys(existing: TableDescription, declared: TableDeclaration): void {
  const was = keys(existing.KeySchema, existing.AttributeDefinitions);
  const is = keys(declared.KeySchema, declared.AttributeDefinitions);
  if (was === is) return;
  throw new Error(
    `The table ${declared.TableName} exists with the key ${was}, and its declaration says ${is}. ` +
      "DynamoDB cannot change the key of a table: start with --fresh to begin with new data.",
  );
}

/** Such as `PK (S, HASH), SK (S, RANGE)`. */
function keys(
  schema: KeySchemaElement[] | undefined,
  definitions: CreateTableCommandInput["AttributeDefinitions"],
): string {
  const type = (name?: string) => definitions?.find((d) => d.AttributeName === name)?.AttributeType;
  return (schema ?? [])
    .map((k) => `${k.AttributeName} (${type(k.AttributeName)}, ${k.KeyType})`)
    .join(", ");
}

async function applyIndexes(
  client: DynamoDBClient,
  existing: TableDescription,
  declared: TableDeclaration,
): Promise<void> {
  const was = new Map(
    (existing.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, index]),
  );
  const is = new Map(
    (declared.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, index]),
  );
  for (const [name, index] of was) {
    const wanted = is.get(name);
    if (wanted && shape(index, existing) === shape(wanted, declared)) continue;
    // An index holds nothing of its own: one that changed is built anew from the table.
    await updateIndexes(client, declared, { Delete: { IndexName: name } });
    was.delete(name);
  }
  for (const [name, index] of is) {
    if (!was.has(name)) await updateIndexes(client, declared, { Create: index });
  }
}

function shape(
  index: Pick<GlobalSecondaryIndexDescription, "KeySchema" | "Projection">,
  of: Pick<TableDeclaration, "AttributeDefinitions">,
): string {
  const { ProjectionType, NonKeyAttributes } = index.Projection ?? {};
  return `${keys(index.KeySchema, of.AttributeDefinitions)} ${ProjectionType} ${[...(NonKeyAttributes ?? [])].sort()}`;
}

async function updateIndexes(
  client: DynamoDBClient,
  declared: TableDeclaration,
  update: { Create: GlobalSecondaryIndex } | { Delete: { IndexName: string | undefined } },
): Promise<void> {
  await client.send(
    new UpdateTableCommand({
      TableName: declared.TableName,
      AttributeDefinitions: declared.AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [update],
    }),
  );
}

async function applyStream(
  client: DynamoDBClient,
  existing: TableDescription,
  declared: TableDeclaration,
): Promise<void> {
  const was = existing.StreamSpecification?.StreamEnabled
    ? existing.StreamSpecification
    : undefined;
  const is = declared.StreamSpecification?.StreamEnabled ? declared.StreamSpecification : undefined;
  if (isDeepStrictEqual({ ...was }, { ...is })) return;
  const update = (StreamSpecification: { StreamEnabled: boolean }) =>
    client.send(new UpdateTableCommand({ TableName: declared.TableName, StreamSpecification }));
  // DynamoDB changes the view of a stream only by ending it and beginning a new one.
  if (was) await update({ StreamEnabled: false });
  if (is) await update({ ...is, StreamEnabled: true });
}

async function applyTtl(
  client: DynamoDBClient,
  table: string,
  declared: TimeToLiveSpecification | undefined,
): Promise<void> {
  const { TimeToLiveDescription: was } = await client.send(
    new DescribeTimeToLiveCommand({ TableName: table }),
  );
  const attribute = was?.TimeToLiveStatus === "ENABLED" ? was.AttributeName : undefined;
  const wanted = declared?.Enabled ? declared.AttributeName : undefined;
  if (attribute === wanted) return;
  const update = (AttributeName: string, Enabled: boolean) =>
    client.send(
      new UpdateTimeToLiveCommand({
        TableName: table,
        TimeToLiveSpecification: { AttributeName, Enabled },
      }),
    );
  if (attribute !== undefined) await update(attribute, false);
  if (wanted !== undefined) await update(wanted, true);
}
