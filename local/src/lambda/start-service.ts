import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Logger } from "pino";
import { type InvokeFunction, startRestApi } from "../apigateway/rest-api.ts";
import { type Chaos, createChaos } from "../chaos/chaos.ts";
import { chaoticSource } from "../chaos/chaotic-source.ts";
import { applyEnvironment } from "./environment.ts";
import { enforceRoles } from "./iam/enforce.ts";
import { type StreamWatch, watchStreams } from "./idle-wait.ts";
import { onFailureDestination } from "./on-failure.ts";
import { type Invoke, loadRuntime } from "./runtime.ts";
import type { AwsSpec, EventSource, FunctionSpec, ServiceSpec } from "./spec.ts";
import { startSqsSource } from "./sqs-source.ts";
import { openStreamCheckpoints, type StreamCheckpoints } from "./stream-checkpoints.ts";
import { streamFilter } from "./stream-filter.ts";
import { startStreamSource } from "./stream-source.ts";

export interface RunningService {
  invoke: Invoke;
  /** The APIs' URLs by their names. */
  apiUrls: Record<string, string>;
  /** Stops taking requests and events, and waits for what is under way. */
  close(): Promise<void>;
}

interface Closable {
  close(): Promise<void>;
}

/**
 * Starts the AWS around one service in this process: its functions, then their APIs and event sources.
 *
 * @throws Error in one sentence when something of the spec is not supported; the process is then not fit for use
 */
export async function startService(spec: ServiceSpec, log: Logger): Promise<RunningService> {
  applyEnvironment(process.env, spec.aws, spec.functions);
  const runAs = enforceRoles(spec.aws, (sentence) => log.error(sentence));
  const invoke = await loadRuntime(spec.functions, log, runAs);
  const functions = new Map(spec.functions.map((fn) => [fn.name, fn]));
  const checkpoints = openStreamCheckpoints(spec.dataDir);
  const running: Closable[] = [];
  const closeLast: { close(): void }[] = [checkpoints];
  const apiUrls: Record<string, string> = {};
  for (const api of spec.apis) {
    const started = await startRestApi(api, { invoke: invokeByArn(spec.functions, invoke), log });
    apiUrls[api.name] = started.url;
    running.push(started);
  }
  if (spec.eventSources.length > 0) {
    const clients = awsClients(spec.aws);
    const { dynamodbDataDir } = spec.aws;
    const changes = dynamodbDataDir ? watchStreams(dynamodbDataDir, log) : undefined;
    if (changes) closeLast.push(changes);
    const chaos = spec.chaos && createChaos(spec.chaos);
    const parts = { invoke, functions, checkpoints, clients, log, changes, chaos };
    for (const source of spec.eventSources) {
      running.push(await startEventSource(source, spec.aws.region, parts));
    }
  }
  return {
    invoke,
    apiUrls,
    close: async () => {
      await Promise.all(running.map((part) => part.close()));
      for (const part of closeLast) part.close();
    },
  };
}

type Clients = ReturnType<typeof awsClients>;

interface SourceParts {
  invoke: Invoke;
  functions: Map<string, FunctionSpec>;
  checkpoints: StreamCheckpoints;
  clients: Clients;
  /** Absent: streams are polled. */
  changes: StreamWatch | undefined;
  /** Absent: what is delivered arrives as it should. */
  chaos: Chaos | undefined;
  log: Logger;
}

async function startEventSource(
  source: EventSource,
  region: string,
  parts: SourceParts,
): Promise<Closable> {
  const { functions, checkpoints, clients, changes, chaos, log } = parts;
  const invoke = chaos
    ? chaoticSource(source, parts.invoke, { chaos, sqs: clients.sqs, log })
    : parts.invoke;
  const fn = functions.get(source.functionName);
  if (!fn) throw new Error(`An event source names the unknown function ${source.functionName}.`);
  const common = { invoke, function: fn, region, log };
  if (source.type === "sqs") return startSqsSource(source, { ...common, sqs: clients.sqs });
  const { onFailureArn } = source;
  return startStreamSource(source, {
    ...common,
    ...(changes && { idle: changes.idle(source.streamArn) }),
    streams: clients.streams,
    checkpoints,
    wanted: streamFilter(source.filterPatterns),
    sendToDestination: onFailureArn
      ? onFailureDestination(onFailureArn, source.id, clients)
      : undefined,
  });
}

function invokeByArn(functions: FunctionSpec[], invoke: Invoke): InvokeFunction {
  const names = new Map(functions.map((fn) => [fn.arn, fn.name]));
  return (functionArn, event, options) =>
    invoke(names.get(functionArn) ?? functionArn, event, options);
}

/** Clients for what this process itself calls. Without a local endpoint they would call AWS, so they are refused. */
function awsClients({ region, credentials, endpoints }: AwsSpec) {
  const at = (...services: string[]) => {
    const endpoint = services.map((service) => endpoints[service]).find(Boolean);
    if (!endpoint) throw new Error(`There is no local endpoint for ${services[0]}.`);
    return { region, credentials, endpoint };
  };
  return {
    // The queue's URL names a host that need not resolve; the endpoint is where it is.
    sqs: new SQSClient({ ...at("sqs"), useQueueUrlAsEndpoint: false }),
    s3: new S3Client({ ...at("s3"), forcePathStyle: true }),
    streams: new DynamoDBStreamsClient(at("dynamodb-streams", "dynamodb")),
  };
}
