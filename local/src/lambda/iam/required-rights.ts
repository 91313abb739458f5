import type { Account, Call } from "./call.ts";
import { dynamodbRights } from "./dynamodb.ts";
import type { Right } from "./policy.ts";
import { s3Rights } from "./s3.ts";

/**
 * The rights a call needs. @throws Error for a call nobody has described yet: a right that is not
 * checked here would be missing on AWS without a test that says so.
 */
export function requiredRights(call: Call, account: Account): Right[] {
  switch (call.service) {
    case "dynamodb":
      return dynamodbRights(call, account);
    case "s3":
      return s3Rights(call);
    case "sqs":
      return [sqsRight(call, account)];
    case "eventbridge":
      return eventBridgeRights(call, account);
    case "secrets-manager":
      return [
        {
          action: `secretsmanager:${call.target.split(".")[1]}`,
          resource: String((JSON.parse(call.body()) as { SecretId: string }).SecretId),
        },
      ];
    case "cloudfront":
      return [cloudFrontRight(call, account)];
    case "opensearch":
      return [
        {
          action: `es:ESHttp${call.method[0]}${call.method.slice(1).toLowerCase()}`,
          resource: `${account.search?.domainArn}${call.path}`,
        },
      ];
    default:
      throw new Error(`Calls of ${call.service} are not known to the local IAM.`);
  }
}

function sqsRight({ target, body }: Call, { region, accountId }: Account): Right {
  const operation = target.split(".")[1] ?? "";
  const { QueueUrl, QueueName } = JSON.parse(body()) as { QueueUrl?: string; QueueName?: string };
  const queue = QueueName ?? QueueUrl?.split("/").at(-1);
  return {
    // A batch is the right to do it once.
    action: `sqs:${operation.replace(/Batch$/, "")}`,
    resource: `arn:aws:sqs:${region}:${accountId}:${queue}`,
  };
}

function cloudFrontRight({ method, path }: Call, { accountId }: Account): Right {
  const distribution = /^[/]2020-05-31[/]distribution[/]([^/]+)[/]invalidation$/.exec(path)?.[1];
  if (method !== "POST" || !distribution) {
    throw new Error(`CloudFront's ${method} ${path} is not known to the local IAM.`);
  }
  return {
    action: "cloudfront:CreateInvalidation",
    resource: `arn:aws:cloudfront::${accountId}:distribution/${distribution}`,
  };
}

function eventBridgeRights({ target, body }: Call, { region, accountId }: Account): Right[] {
  const operation = target.split(".")[1] ?? "";
  const request = JSON.parse(body()) as {
    Entries?: { EventBusName: string }[];
    ReplayName?: string;
    ArchiveName?: string;
    EventSourceArn?: string;
  };
  const arn = (rest: string) => `arn:aws:events:${region}:${accountId}:${rest}`;
  const action = `events:${operation}`;
  switch (operation) {
    case "PutEvents": {
      const buses = new Set((request.Entries ?? []).map((entry) => entry.EventBusName));
      return [...buses].map((bus) => ({ action, resource: arn(`event-bus/${bus}`) }));
    }
    case "StartReplay":
      return [
        { action, resource: arn(`replay/${request.ReplayName}`) },
        { action, resource: String(request.EventSourceArn) },
      ];
    case "DescribeArchive":
      return [{ action, resource: arn(`archive/${request.ArchiveName}`) }];
    case "DescribeReplay":
    case "CancelReplay":
      return [{ action, resource: arn(`replay/${request.ReplayName}`) }];
    default:
      throw new Error(`EventBridge's ${operation} is not known to the local IAM.`);
  }
}
