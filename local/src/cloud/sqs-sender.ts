import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { SqsSender } from "../eventbridge/delivery.ts";
import type { LocalSqs } from "../sqs/start-sqs.ts";

/** How EventBridge reaches queues in the same process: batches without HTTP, dead letters with their attributes. */
export function sqsSender(sqs: LocalSqs): SqsSender {
  return {
    async send(queueArn, body, attributes) {
      const [account, name] = queueArn.split(":").slice(-2);
      await sqs.client.send(
        new SendMessageCommand({
          QueueUrl: `${sqs.url}/${account}/${name}`,
          MessageBody: body,
          MessageAttributes: attributes,
        }),
      );
    },
    sendBatch: sqs.sendBatch,
  };
}
