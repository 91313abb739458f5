import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  SetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { DEFAULT_ATTRIBUTES } from "./queue-attributes.ts";

/** An attribute that is not declared any more goes back to SQS's default; an empty policy takes a policy away. */
const ABSENT: Record<string, string> = {
  ...DEFAULT_ATTRIBUTES,
  RedrivePolicy: "",
  RedriveAllowPolicy: "",
  Policy: "",
};

/** Makes the queue what its declaration says, as often as it is called; messages stay. The dead-letter queue must be there before. */
export async function applyQueue(
  client: SQSClient,
  declared: { name: string; attributes?: Record<string, string | number> },
): Promise<{ queueUrl: string; queueArn: string }> {
  const attributes = Object.fromEntries(
    Object.entries(declared.attributes ?? {}).map(([name, value]) => [name, String(value)]),
  );
  let queueUrl = await urlOf(client, declared.name);
  if (queueUrl === undefined) {
    const input = { QueueName: declared.name, Attributes: attributes };
    queueUrl = (await client.send(new CreateQueueCommand(input))).QueueUrl;
  } else {
    await client.send(
      new SetQueueAttributesCommand({
        QueueUrl: queueUrl,
        Attributes: { ...ABSENT, ...attributes },
      }),
    );
  }
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn"] }),
  );
  return { queueUrl: queueUrl ?? "", queueArn: Attributes?.QueueArn ?? "" };
}

async function urlOf(client: SQSClient, name: string): Promise<string | undefined> {
  try {
    return (await client.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}
