import type { Resource } from "../resource.ts";
import { at, type Graph } from "./graph.ts";

/** What waits is read, and what fails has somewhere to go. */

export function queuesAreConsumed(graph: Graph): string[] {
  const queues = graph.ofType("aws:sqs/queue:Queue");
  const sources = new Set(graph.mappings().map((mapping) => mapping.inputs.eventSourceArn));
  const deadLetterArns = new Set<unknown>([
    ...queues.map((queue) => redriveTarget(queue)),
    ...graph
      .ofType("aws:cloudwatch/eventTarget:EventTarget")
      .map((target) => (target.inputs.deadLetterConfig as { arn?: string } | undefined)?.arn),
    ...graph.mappings().map(onFailure),
  ]);
  return queues.flatMap((queue) => {
    if (deadLetterArns.has(queue.outputs.arn)) return [];
    if (!sources.has(queue.outputs.arn)) return [`${at(queue)}: nothing reads this queue`];
    const target = redriveTarget(queue);
    return queues.some((candidate) => candidate.outputs.arn === target)
      ? []
      : [`${at(queue)}: it has no dead-letter queue`];
  });
}

export function eventSourcesMayRead(graph: Graph): string[] {
  return graph.mappings().flatMap((mapping) => {
    const fn = graph.functionByArn(mapping.inputs.functionName);
    if (!fn) return [`${at(mapping)}: its function is not declared`];
    const source = String(mapping.inputs.eventSourceArn);
    const stream = source.includes(":dynamodb:");
    const declared = graph.all.some(
      (r) => (stream ? r.outputs.streamArn : r.outputs.arn) === source,
    );
    if (!declared) return [`${at(mapping)}: its source ${source} is not declared`];
    const needed = stream
      ? ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"]
      : ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
    const missing = needed.filter((action) => !graph.roleAllows(fn, action, source));
    const destination = onFailure(mapping);
    if (stream && !destination) return [`${at(mapping)}: what fails for good has nowhere to go`];
    if (destination && !graph.byArn(destination)) {
      return [`${at(mapping)}: its on-failure destination is not declared`];
    }
    return missing.map((action) => `${at(fn)}: its role does not allow ${action} on ${source}`);
  });
}

export function tablesAreRelayed(graph: Graph): string[] {
  return graph
    .ofType("aws:dynamodb/table:Table")
    .filter((table) => table.inputs.streamEnabled === true)
    .filter(
      (table) =>
        !graph
          .mappings()
          .some((mapping) => mapping.inputs.eventSourceArn === table.outputs.streamArn),
    )
    .map((table) => `${at(table)}: nothing relays its stream`);
}

function redriveTarget(queue: Resource): unknown {
  const policy = JSON.parse(String(queue.inputs.redrivePolicy ?? "{}")) as Record<string, unknown>;
  return policy.deadLetterTargetArn;
}

function onFailure(mapping: Resource): string | undefined {
  const config = mapping.inputs.destinationConfig as
    | { onFailure?: { destinationArn?: string } }
    | undefined;
  return config?.onFailure?.destinationArn;
}
