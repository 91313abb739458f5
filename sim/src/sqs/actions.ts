import { createHash } from "node:crypto";
import { attributesMd5, type MessageAttributes } from "@shoebox/local/sqs/message-attributes";
import type { Message, Queue } from "./queue.ts";

type Input = Record<string, unknown>;
type Output = Record<string, unknown>;

/** An error as SQS answers it. */
export class SqsError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const actions: Record<string, (queue: Queue, input: Input) => Output> = {
  SendMessage: (queue, { MessageBody, MessageAttributes, DelaySeconds = 0 }) => {
    const attributes = (MessageAttributes ?? {}) as Input;
    const message = queue.send(String(MessageBody), attributes, Number(DelaySeconds) * 1000);
    return { MessageId: message.id, MD5OfMessageBody: md5(message.body), ...digest(attributes) };
  },
  ReceiveMessage: (queue, { MaxNumberOfMessages = 1, VisibilityTimeout }) => {
    const timeout = VisibilityTimeout === undefined ? undefined : Number(VisibilityTimeout) * 1000;
    return { Messages: queue.receive(Number(MaxNumberOfMessages), timeout).map(received) };
  },
  DeleteMessage: (queue, { ReceiptHandle }) => {
    queue.delete(String(ReceiptHandle));
    return {};
  },
  DeleteMessageBatch: (queue, { Entries }) => ({
    Successful: (Entries as { Id: string; ReceiptHandle: string }[]).map((entry) => {
      queue.delete(entry.ReceiptHandle);
      return { Id: entry.Id };
    }),
    Failed: [],
  }),
  ChangeMessageVisibility: (queue, { ReceiptHandle, VisibilityTimeout }) => {
    queue.changeVisibility(String(ReceiptHandle), Number(VisibilityTimeout) * 1000);
    return {};
  },
  GetQueueAttributes: (queue) => ({
    Attributes: {
      ApproximateNumberOfMessages: String(queue.visible()),
      ApproximateNumberOfMessagesNotVisible: String(queue.messages().length - queue.visible()),
      ApproximateNumberOfMessagesDelayed: "0",
      QueueArn: queue.spec.arn,
    },
  }),
};

/** Answers one request. @throws SqsError for what is not simulated */
export function actOnQueue(operation: string, queue: Queue, input: Input): Output {
  const action = actions[operation];
  if (!action) throw new SqsError("NotSupported", `The simulated queue knows no ${operation}.`);
  return action(queue, input);
}

function received(message: Message): Output {
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...digest(message.attributes),
    Attributes: systemAttributes(message),
    ...(Object.keys(message.attributes).length > 0 && { MessageAttributes: message.attributes }),
  };
}

/** The SDK compares what it sent, or received, with these. */
function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

function digest(attributes: Output): Output {
  const MD5OfMessageAttributes = attributesMd5(attributes as MessageAttributes);
  return MD5OfMessageAttributes === undefined ? {} : { MD5OfMessageAttributes };
}

export function systemAttributes(message: Message): Record<string, string> {
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAt),
    SenderId: "events",
    ApproximateFirstReceiveTimestamp: String(message.firstReceived ?? message.sentAt),
  };
}
