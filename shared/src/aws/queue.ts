import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";

/** SQS's longest delay, in seconds. */
const LONGEST_DELAY = 900;

/** A queue by its name; its URL is looked up once. */
export interface Queue {
  send(message: unknown, delaySeconds?: number): Promise<void>;
  /** How many messages wait, are being handled or are delayed; SQS knows it only about. */
  depth(): Promise<number>;
}

export function createQueue(name: string, given?: SQSClient): Queue {
  // Made when it is needed: most calls of an API send nothing.
  let client = given;
  let url: string | undefined;
  const reach = async () => {
    client ??= new SQSClient({});
    url ??= (await client.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
    return { client, QueueUrl: url };
  };
  return {
    async send(message, delaySeconds = 0) {
      const { client, QueueUrl } = await reach();
      await client.send(
        new SendMessageCommand({
          QueueUrl,
          MessageBody: JSON.stringify(message),
          DelaySeconds: Math.max(0, Math.min(Math.ceil(delaySeconds), LONGEST_DELAY)),
        }),
      );
    },
    async depth() {
      const { client, QueueUrl } = await reach();
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] }),
      );
      return COUNTS.reduce((sum, count) => sum + Number(Attributes[count] ?? 0), 0);
    },
  };
}

const COUNTS = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const;
