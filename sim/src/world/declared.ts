import type { Resource } from "@shoebox/local/graph/resource";
import type { TableSpec } from "../dynamodb/table.ts";
import type { ArchiveSpec, RuleSpec } from "../events/spec.ts";
import type { FunctionSpec, QueueSourceSpec, StreamSourceSpec } from "../lambda/spec.ts";
import type { BucketSpec } from "../s3/bucket.ts";
import type { QueueSpec } from "../sqs/queue.ts";

/** What the Pulumi programs declare, in the words of the simulation. */
export interface Declared {
  tables: TableSpec[];
  buckets: (BucketSpec & { tellsEvents: boolean })[];
  queues: QueueSpec[];
  rules: RuleSpec[];
  archives: ArchiveSpec[];
  functions: FunctionSpec[];
  queueSources: QueueSourceSpec[];
  streamSources: StreamSourceSpec[];
}

type Inputs = Record<string, never>;

/** Reads the evaluated programs: what is not declared there does not exist here either. */
export function declared(graph: Resource[]): Declared {
  const all = (type: string) =>
    graph
      .filter((resource) => resource.type === type)
      .map(({ program, name, inputs, outputs }) => ({
        program,
        name,
        inputs: inputs as Inputs,
        arn: String(outputs.arn),
        outputs,
      }));
  const byBucket = (type: string) =>
    new Map(all(type).map(({ inputs }) => [String(inputs.bucket), inputs]));
  const versioning = byBucket("aws:s3/bucketVersioning:BucketVersioning");
  const notifications = byBucket("aws:s3/bucketNotification:BucketNotification");
  const lifecycles = byBucket("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
  const targets = all("aws:cloudwatch/eventTarget:EventTarget");
  const sources = all("aws:lambda/eventSourceMapping:EventSourceMapping");
  const isStream = ({ inputs }: { inputs: Inputs }) =>
    String(inputs.eventSourceArn).includes("/stream/");

  return {
    tables: all("aws:dynamodb/table:Table").map(({ inputs, arn }) => tableSpec(inputs, arn)),
    buckets: all("aws:s3/bucket:Bucket").map(({ inputs }) => {
      const name = String(inputs.bucket);
      const rules = lifecycles.get(name)?.rules as unknown as
        | { abortIncompleteMultipartUpload?: { daysAfterInitiation: number } }[]
        | undefined;
      return {
        name,
        versioned: versioning.has(name),
        tellsEvents: Boolean(notifications.get(name)?.eventbridge),
        abortMultipartAfter: rules?.[0]?.abortIncompleteMultipartUpload?.daysAfterInitiation,
      };
    }),
    queues: all("aws:sqs/queue:Queue").map(({ inputs, arn, outputs }) => {
      const redrive =
        inputs.redrivePolicy === undefined ? undefined : JSON.parse(String(inputs.redrivePolicy));
      return {
        name: String(inputs.name),
        arn,
        url: String(outputs.url),
        visibilityTimeout: Number(inputs.visibilityTimeoutSeconds ?? 30) * 1000,
        retention: Number(inputs.messageRetentionSeconds ?? 345_600) * 1000,
        maxReceiveCount: redrive?.maxReceiveCount,
        deadLetterArn: redrive?.deadLetterTargetArn,
      };
    }),
    rules: all("aws:cloudwatch/eventRule:EventRule").map(({ inputs, arn }) => {
      const target = targets.find((one) => one.inputs.rule === inputs.name)?.inputs;
      const deadLetters = target?.deadLetterConfig as unknown as { arn: string } | undefined;
      return {
        name: String(inputs.name),
        arn,
        bus: String(inputs.eventBusName),
        pattern: inputs.eventPattern === undefined ? undefined : String(inputs.eventPattern),
        schedule:
          inputs.scheduleExpression === undefined ? undefined : String(inputs.scheduleExpression),
        queueArn: String(target?.arn),
        deadLetterArn: deadLetters?.arn,
        input: target?.input === undefined ? undefined : String(target.input),
      };
    }),
    archives: all("aws:cloudwatch/eventArchive:EventArchive").map(({ inputs, arn }) => ({
      arn,
      busArn: String(inputs.eventSourceArn),
      pattern: inputs.eventPattern === undefined ? undefined : String(inputs.eventPattern),
      retention: Number(inputs.retentionDays) * 86_400_000,
    })),
    functions: all("aws:lambda/function:Function").map(({ program, inputs, arn }) => ({
      service: program,
      name: functionName(program, String(inputs.name)),
      arn,
      timeout: Number(inputs.timeout ?? 3) * 1000,
      environment:
        (inputs.environment as { variables: Record<string, string> } | undefined)?.variables ?? {},
    })),
    queueSources: sources
      .filter((source) => !isStream(source))
      .map(({ inputs }) => ({
        queueArn: String(inputs.eventSourceArn),
        functionArn: String(inputs.functionName),
        batchSize: Number(inputs.batchSize),
        concurrency: Number(
          (inputs.scalingConfig as { maximumConcurrency: number } | undefined)
            ?.maximumConcurrency ?? 5,
        ),
      })),
    streamSources: sources.filter(isStream).map(({ inputs }) => ({
      streamArn: String(inputs.eventSourceArn),
      functionArn: String(inputs.functionName),
      batchSize: Number(inputs.batchSize),
      bisect: Boolean(inputs.bisectBatchOnFunctionError),
      maximumAgeSeconds: Number(inputs.maximumRecordAgeInSeconds ?? -1),
      maximumRetries: Number(inputs.maximumRetryAttempts ?? -1),
      onFailureArn: (
        inputs.destinationConfig as { onFailure: { destinationArn: string } } | undefined
      )?.onFailure.destinationArn,
    })),
  };
}

interface DeclaredIndex {
  name: string;
  keySchemas: { attributeName: string; keyType: string }[];
  projectionType: string;
  nonKeyAttributes?: string[];
}

function tableSpec(inputs: Inputs, arn: string): TableSpec {
  const indexes = (inputs.globalSecondaryIndexes ?? []) as unknown as DeclaredIndex[];
  const ttl = inputs.ttl as { attributeName: string; enabled: boolean } | undefined;
  return {
    name: String(inputs.name),
    arn,
    ttl: ttl?.enabled ? ttl.attributeName : undefined,
    indexes: indexes.map(({ name, keySchemas, projectionType, nonKeyAttributes }) => {
      const key = (type: string) =>
        keySchemas.find(({ keyType }) => keyType === type)?.attributeName;
      const hashKey = key("HASH");
      if (hashKey === undefined) throw new Error(`The index ${name} has no hash key.`);
      const includes = projectionType === "ALL" ? undefined : (nonKeyAttributes ?? []);
      return { name, hashKey, rangeKey: key("RANGE"), includes };
    }),
  };
}

/** `shoebox-prod-upload-object-created` is the function `object-created` of `upload`. */
function functionName(program: string, physicalName: string): string {
  const [, name] = physicalName.split(`-${program}-`);
  if (name === undefined) throw new Error(`${physicalName} is not named after ${program}.`);
  return name;
}
