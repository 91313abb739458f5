import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  DeleteRuleCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  ResourceAlreadyExistsException,
  UpdateArchiveCommand,
} from "@aws-sdk/client-eventbridge";
import type { Resource } from "../../graph/resource.ts";
import type { AwsClients } from "../aws-clients.ts";
import type { Applier } from "./applier.ts";
import { number, text } from "./inputs.ts";

const buses: Record<string, Applier> = {
  "aws:cloudwatch/eventBus:EventBus": async ({ inputs }, { events }) => {
    try {
      await events.send(new CreateEventBusCommand({ Name: text(inputs.name) }));
    } catch (error) {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    }
  },
};

const rules: Record<string, Applier> = {
  "aws:cloudwatch/eventRule:EventRule": async ({ inputs }, { events }) => {
    await events.send(
      new PutRuleCommand({
        Name: text(inputs.name),
        EventBusName: text(inputs.eventBusName),
        EventPattern: inputs.eventPattern as string | undefined,
        ScheduleExpression: inputs.scheduleExpression as string | undefined,
      }),
    );
  },
  "aws:cloudwatch/eventArchive:EventArchive": async ({ inputs }, { events }) => {
    const archive = {
      ArchiveName: text(inputs.name),
      RetentionDays: number(inputs.retentionDays),
      EventPattern: inputs.eventPattern as string | undefined,
    };
    try {
      await events.send(
        new CreateArchiveCommand({ ...archive, EventSourceArn: text(inputs.eventSourceArn) }),
      );
    } catch (error) {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
      await events.send(new UpdateArchiveCommand(archive));
    }
  },
};

const targets: Record<string, Applier> = {
  "aws:cloudwatch/eventTarget:EventTarget": async ({ inputs }, { events }) => {
    const retry = inputs.retryPolicy as
      | { maximumEventAgeInSeconds: number; maximumRetryAttempts: number }
      | undefined;
    const deadLetters = inputs.deadLetterConfig as { arn: string } | undefined;
    await events.send(
      new PutTargetsCommand({
        Rule: text(inputs.rule),
        EventBusName: text(inputs.eventBusName),
        Targets: [
          {
            Id: text(inputs.targetId),
            Arn: text(inputs.arn),
            ...(deadLetters && { DeadLetterConfig: { Arn: deadLetters.arn } }),
            ...(retry && {
              RetryPolicy: {
                MaximumEventAgeInSeconds: retry.maximumEventAgeInSeconds,
                MaximumRetryAttempts: retry.maximumRetryAttempts,
              },
            }),
          },
        ],
      }),
    );
  },
};

export const eventBridgeAppliers = { buses, rules, targets };

/** A rule that the programs no longer declare may not go on delivering from an older data folder. */
export async function pruneRules(graph: Resource[], { events }: AwsClients): Promise<void> {
  const declared = new Set(
    graph
      .filter((resource) => resource.type === "aws:cloudwatch/eventRule:EventRule")
      .map(({ inputs }) => `${inputs.eventBusName}/${inputs.name}`),
  );
  const busNames = new Set([
    "default",
    ...graph
      .filter((resource) => resource.type === "aws:cloudwatch/eventBus:EventBus")
      .map(({ inputs }) => text(inputs.name)),
  ]);
  for (const EventBusName of busNames) {
    const { Rules = [] } = await events.send(new ListRulesCommand({ EventBusName }));
    for (const { Name } of Rules) {
      if (declared.has(`${EventBusName}/${Name}`)) continue;
      const { Targets = [] } = await events.send(
        new ListTargetsByRuleCommand({ Rule: Name, EventBusName }),
      );
      const Ids = Targets.flatMap((target) => target.Id ?? []);
      if (Ids.length > 0) {
        await events.send(new RemoveTargetsCommand({ Rule: Name, EventBusName, Ids }));
      }
      await events.send(new DeleteRuleCommand({ Name, EventBusName }));
    }
  }
}
