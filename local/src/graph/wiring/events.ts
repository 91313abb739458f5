import { at, type Graph } from "./graph.ts";

/** What is published reaches a queue. */

export function rulesHaveTargets(graph: Graph): string[] {
  const targets = graph.ofType("aws:cloudwatch/eventTarget:EventTarget");
  return graph.ofType("aws:cloudwatch/eventRule:EventRule").flatMap((rule) => {
    const own = targets.filter((target) => target.inputs.rule === rule.inputs.name);
    return own.length === 1 ? [] : [`${at(rule)}: a rule has one target, not ${own.length}`];
  });
}

export function targetsCanDeliver(graph: Graph): string[] {
  return graph.ofType("aws:cloudwatch/eventTarget:EventTarget").flatMap((target) => {
    const rule = graph
      .ofType("aws:cloudwatch/eventRule:EventRule")
      .find((candidate) => candidate.inputs.name === target.inputs.rule);
    if (!rule) return [`${at(target)}: its rule ${target.inputs.rule} is not declared`];
    const deadLetters = target.inputs.deadLetterConfig as { arn?: string } | undefined;
    if (!deadLetters?.arn) return [`${at(target)}: what can't be delivered has nowhere to go`];
    const missing = [target.inputs.arn, deadLetters.arn].filter(
      (queueArn) => !graph.byArn(queueArn),
    );
    if (missing.length > 0) return [`${at(target)}: ${missing.join(", ")} is not declared`];
    return [target.inputs.arn, deadLetters.arn].flatMap((queueArn) =>
      graph.mayDo("events.amazonaws.com", "sqs:SendMessage", queueArn, rule.outputs.arn)
        ? []
        : [`${at(rule)}: no queue policy lets it send to ${queueArn}`],
    );
  });
}

export function bucketsTellWhatRulesWaitFor(graph: Graph): string[] {
  const telling = new Set(
    graph
      .ofType("aws:s3/bucketNotification:BucketNotification")
      .filter((notification) => notification.inputs.eventbridge === true)
      .map((notification) => notification.inputs.bucket),
  );
  return graph.ofType("aws:cloudwatch/eventRule:EventRule").flatMap((rule) => {
    const pattern = JSON.parse(String(rule.inputs.eventPattern ?? "{}")) as {
      source?: string[];
      detail?: { bucket?: { name?: string[] } };
    };
    if (!pattern.source?.includes("aws.s3")) return [];
    return (pattern.detail?.bucket?.name ?? ["any bucket"])
      .filter((bucket) => !telling.has(bucket))
      .map(
        (bucket) => `${at(rule)}: the bucket ${bucket} does not tell EventBridge about its objects`,
      );
  });
}

export function busesAreArchived(graph: Graph): string[] {
  return graph
    .ofType("aws:cloudwatch/eventBus:EventBus")
    .filter(
      (bus) =>
        !graph
          .ofType("aws:cloudwatch/eventArchive:EventArchive")
          .some((archive) => archive.inputs.eventSourceArn === bus.outputs.arn),
    )
    .map((bus) => `${at(bus)}: nothing archives its events`);
}
