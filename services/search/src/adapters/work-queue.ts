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
  send(message: unknown, delaySeconds: number): Promise<void>;
  /** How many messages wait, are being handled or are delayed; SQS knows it only about. */
  depth(): Promise<number>;
}

export function createQueue(name: string, client = new SQSClient({})): Queue {
  let url: string | undefined;
  const queueUrl = async () => {
    url ??= (await client.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
    return url;
  };
  return {
    async send(message, delaySeconds) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: await queueUrl(),
          MessageBody: JSON.stringify(message),
          DelaySeconds: Math.max(0, Math.min(Math.ceil(delaySeconds), LONGEST_DELAY)),
        }),
      );
    },
    async depth() {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: await queueUrl(), AttributeNames: [...COUNTS] }),
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
