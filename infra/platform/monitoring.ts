import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/names.ts";
import { allowService } from "../components/statement.ts";

/** The topic that every alarm of every service speaks to, and who listens. */
export function createAlarmTopic(): aws.sns.Topic {
  const topic = new aws.sns.Topic("alarms", { name: resourceName("platform", "alarms") });
  const account = aws.getCallerIdentityOutput().accountId;
  new aws.sns.TopicPolicy("alarms", {
    arn: topic.arn,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        allowService({
          service: "cloudwatch.amazonaws.com",
          actions: ["sns:Publish"],
          resources: [topic.arn],
          sourceArn: pulumi.interpolate`arn:aws:cloudwatch:${aws.getRegionOutput().region}:${account}:alarm:*`,
        }),
        {
          effect: "Allow",
          principals: [{ type: "Service", identifiers: ["budgets.amazonaws.com"] }],
          actions: ["sns:Publish"],
          resources: [topic.arn],
          conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [account] }],
        },
      ],
    }).json,
  });
  const email = new pulumi.Config().get("alarmEmail");
  if (email) {
    new aws.sns.TopicSubscription("alarms", {
      topic: topic.arn,
      protocol: "email",
      endpoint: email,
    });
  }
  return topic;
}

/** Tells when the month is going to cost more than it should: at 80 % of it, and when the forecast is above it. */
export function createBudget(topic: aws.sns.Topic): void {
  const notification = {
    comparisonOperator: "GREATER_THAN",
    thresholdType: "PERCENTAGE",
    subscriberSnsTopicArns: [topic.arn],
  };
  new aws.budgets.Budget("month", {
    name: resourceName("platform", "month"),
    budgetType: "COST",
    timeUnit: "MONTHLY",
    limitAmount: String(new pulumi.Config().requireNumber("monthlyBudgetUsd")),
    limitUnit: "USD",
    costFilters: [{ name: "TagKeyValue", values: [`user:environment$${pulumi.getStack()}`] }],
    notifications: [
      { ...notification, notificationType: "ACTUAL", threshold: 80 },
      { ...notification, notificationType: "FORECASTED", threshold: 100 },
    ],
  });
}
