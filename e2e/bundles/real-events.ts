import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import { EventBridgeClient, ListRulesCommand, type Rule } from "@aws-sdk/client-eventbridge";
import { compilePattern } from "@shoebox/local/eventbridge/pattern";
import type {
  EventSource,
  FunctionSpec,
  ServiceSpec,
  StreamSource,
} from "@shoebox/local/lambda/spec";
import { streamRecord } from "@shoebox/local/lambda/stream-event";
import {
  ObjectCreated,
  ObjectCreatedDetail,
  ObjectScanned,
  type ObjectScannedDetail,
} from "@shoebox/shared/events/aws";

/** What a bundle is called with: made of what really happened in the running system. */
export interface Happened {
  /** Envelopes that crossed a bus. */
  envelopes: Record<string, unknown>[];
  /** A user's token. */
  token: string;
}

/** The event that Lambda would call the function with. */
export async function realEvent(
  service: ServiceSpec,
  fn: FunctionSpec,
  happened: Happened,
): Promise<unknown> {
  const sources = service.eventSources.filter((item) => item.functionName === fn.name);
  // The relay has a queue besides, of changes that were set aside; of those there are none.
  const stream = sources.find((item) => item.type === "stream");
  if (stream) return streamEvent(service, stream);
  const [source] = sources;
  if (source) return queueEvent(await messages(service, source, happened));
  return fn.name.endsWith("-authorizer")
    ? {
        type: "TOKEN",
        authorizationToken: `Bearer ${happened.token}`,
        methodArn: `${METHODS}/GET/v1`,
      }
    : apiEvent(service);
}

const METHODS = "arn:aws:execute-api:us-east-1:000000000000:api/v1";

async function streamEvent(service: ServiceSpec, { streamArn }: StreamSource): Promise<unknown> {
  const { region, credentials, endpoints } = service.aws;
  const client = new DynamoDBStreamsClient({ region, credentials, endpoint: endpoints.dynamodb });
  const { StreamDescription } = await client.send(
    new DescribeStreamCommand({ StreamArn: streamArn }),
  );
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: StreamDescription?.Shards?.[0]?.ShardId,
      ShardIteratorType: "TRIM_HORIZON",
    }),
  );
  const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
  return { Records: Records.map((record) => streamRecord(record, streamArn, region)) };
}

/** The envelopes that the function's rule lets through; a rule and its function have one name. */
async function messages(service: ServiceSpec, source: EventSource, { envelopes }: Happened) {
  const { region, credentials, endpoints } = service.aws;
  const client = new EventBridgeClient({ region, credentials, endpoint: endpoints.eventbridge });
  const bus = service.functions[0]?.environment.BUS_NAME;
  const found = await Promise.all(
    ["default", bus].map((EventBusName) =>
      client.send(new ListRulesCommand({ EventBusName, NamePrefix: source.functionName })),
    ),
  );
  const rules: Rule[] = found.flatMap(({ Rules = [] }) => Rules);
  const rule = rules.find(({ Name }) => Name === source.functionName);
  if (rule?.ScheduleExpression) return [{ "detail-type": "Scheduled Event", detail: {} }];
  if (!rule?.EventPattern) return [];
  const told = [...envelopes, ...envelopes.flatMap(scanOf)];
  return told.filter(compilePattern(JSON.parse(rule.EventPattern)));
}

/** The local cloud has no GuardDuty: what it would say of an object of which S3 has told. */
function scanOf(envelope: Record<string, unknown>): Record<string, unknown>[] {
  if (envelope["detail-type"] !== ObjectCreated.type) return [];
  const { bucket, object } = ObjectCreatedDetail.parse(envelope.detail);
  const detail: ObjectScannedDetail = {
    s3ObjectDetails: {
      bucketName: bucket.name,
      objectKey: object.key,
      versionId: object["version-id"],
    },
    scanResultDetails: { scanResultStatus: "NO_THREATS_FOUND" },
  };
  return [{ ...envelope, source: ObjectScanned.source, "detail-type": ObjectScanned.type, detail }];
}

function queueEvent(bodies: unknown[]): unknown {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `message-${index}`,
      receiptHandle: "handle",
      body: JSON.stringify(body),
      attributes: { ApproximateReceiveCount: "1" },
      messageAttributes: {},
      eventSource: "aws:sqs",
    })),
  };
}

/** A list or search of the service's own: the first GET of its document that needs nothing but a user. */
function apiEvent(service: ServiceSpec): unknown {
  const body = service.apis[0]?.body as
    | { paths: Record<string, Record<string, unknown>> }
    | undefined;
  const paths = body?.paths ?? {};
  const path = Object.keys(paths).find((item) => paths[item]?.get && !item.includes("{"));
  if (!path) throw new Error(`${service.service} has no GET without parameters.`);
  return {
    resource: path,
    path,
    httpMethod: "GET",
    headers: { Accept: "application/json" },
    multiValueHeaders: { Accept: ["application/json"] },
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      requestId: "bundle",
      path,
      httpMethod: "GET",
      authorizer: { userId: "somebody", admin: "false" },
      identity: { sourceIp: "127.0.0.1" },
    },
    body: null,
    isBase64Encoded: false,
  };
}
