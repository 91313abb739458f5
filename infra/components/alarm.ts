import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { resourceName } from "./names.ts";

export interface AlarmArgs {
  service: string;
  /** What is wrong, in a sentence for whoever is woken up. */
  says: string;
  /** The page in `docs/runbooks/` that tells what to do, without `.md`; a test holds that it is there. */
  runbook: string;
  namespace: string;
  metric: string;
  dimensions: Record<string, pulumi.Input<string>>;
  statistic: "Sum" | "Maximum" | "Average" | "p99";
  /** The alarm goes off above it. */
  above: number;
  /** How many periods of five minutes in a row; default 1. */
  periods?: number;
  /** The topic that people listen to. */
  topic: pulumi.Input<string>;
}

const PERIOD_SECONDS = 300;

/** An alarm that says what is wrong and links to the page that says what to do about it. No data is no alarm. */
export function alarm(
  name: string,
  args: AlarmArgs,
  options: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm {
  const isPercentile = args.statistic.startsWith("p");
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      name: resourceName(args.service, name),
      alarmDescription: `${args.says} What to do: docs/runbooks/${args.runbook}.md`,
      namespace: args.namespace,
      metricName: args.metric,
      dimensions: args.dimensions,
      ...(isPercentile ? { extendedStatistic: args.statistic } : { statistic: args.statistic }),
      period: PERIOD_SECONDS,
      evaluationPeriods: args.periods ?? 1,
      threshold: args.above,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [args.topic],
      okActions: [args.topic],
    },
    options,
  );
}
