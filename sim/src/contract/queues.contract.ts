import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";

/** Two empty queues: what is received from `work` for the fourth time is in its dead-letter queue instead. */
export interface QueuesUnderTest {
  client: SQSClient;
  work: string;
  deadLetters: string;
  pass(seconds: number): Promise<void>;
}

export const QUEUE = {
  visibilityTimeoutSeconds: 30,
  retentionSeconds: 3_600,
  maxReceiveCount: 3,
} as const;

/** What the services, and Lambda, rely on in a queue. */
export function describeQueues(kind: string, open: () => Promise<QueuesUnderTest>): void {
  async function opened() {
    const { client, work, deadLetters, pass } = await open();
    return {
      pass,
      deadLetters,
      client,
      QueueUrl: work,
      send: (MessageBody: string, DelaySeconds?: number) =>
        client.send(new SendMessageCommand({ QueueUrl: work, MessageBody, DelaySeconds })),
      async receive(QueueUrl = work) {
        const { Messages = [] } = await client.send(
          new ReceiveMessageCommand({
            QueueUrl,
            MaxNumberOfMessages: 10,
            MessageSystemAttributeNames: ["All"],
            MessageAttributeNames: ["All"],
          }),
        );
        return Messages;
      },
    };
  }
  const bodies = (messages: { Body?: string }[]) => messages.map(({ Body }) => Body).toSorted();

  describe(`a queue (${kind})`, () => {
    it("hides what was received, for a time, and counts how often that was", async () => {
      const { send, receive, pass } = await opened();
      await send("a");
      const [first] = await receive();
      expect(first?.Attributes?.ApproximateReceiveCount).toBe("1");
      expect(await receive()).toEqual([]);
      await pass(29);
      expect(await receive()).toEqual([]);
      await pass(2);
      const [second] = await receive();
      expect([second?.MessageId, second?.Body]).toEqual([first?.MessageId, "a"]);
      expect(second?.Attributes?.ApproximateReceiveCount).toBe("2");
    });

    it("forgets what is deleted, and by a batch no others", async () => {
      const { client, QueueUrl, send, receive, pass } = await opened();
      for (const body of ["a", "b", "c"]) await send(body);
      const messages = await receive();
      const receiptOf = (body: string) => messages.find(({ Body }) => Body === body)?.ReceiptHandle;
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receiptOf("a") }));
      const { Successful } = await client.send(
        new DeleteMessageBatchCommand({
          QueueUrl,
          Entries: [{ Id: "one", ReceiptHandle: receiptOf("b") }],
        }),
      );
      expect(Successful).toEqual([{ Id: "one" }]);
      await pass(31);
      expect(bodies(await receive())).toEqual(["c"]);
    });

    it("shows a message earlier or later to who asks for it", async () => {
      const { client, QueueUrl, send, receive, pass } = await opened();
      const show = (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
        client.send(
          new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }),
        );
      await send("a");
      await show((await receive())[0]?.ReceiptHandle, 0);
      const [again] = await receive();
      expect(again?.Body).toBe("a");
      await show(again?.ReceiptHandle, 600);
      await pass(500);
      expect(await receive()).toEqual([]);
      await pass(101);
      expect(bodies(await receive())).toEqual(["a"]);
    });

    it("holds back what is sent with a delay", async () => {
      const { send, receive, pass } = await opened();
      await send("later", 60);
      expect(await receive()).toEqual([]);
      await pass(61);
      expect(bodies(await receive())).toEqual(["later"]);
    });

    it("gives what was received too often to its dead-letter queue, as it was", async () => {
      const { client, QueueUrl, deadLetters, receive, pass } = await opened();
      const reason = { DataType: "String", StringValue: "busy" };
      await client.send(
        new SendMessageCommand({ QueueUrl, MessageBody: "poison", MessageAttributes: { reason } }),
      );
      for (let count = 1; count <= QUEUE.maxReceiveCount; count += 1) {
        expect(bodies(await receive())).toEqual(["poison"]);
        await pass(31);
      }
      expect(await receive(deadLetters)).toEqual([]);
      expect(await receive()).toEqual([]);
      const [letter] = await receive(deadLetters);
      expect(letter).toMatchObject({ Body: "poison", MessageAttributes: { reason } });
    });

    it("says how much there is, seen and unseen", async () => {
      const { client, QueueUrl, send, receive } = await opened();
      await send("a");
      await receive();
      await send("b");
      const { Attributes } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
      );
      expect(Attributes).toMatchObject({
        ApproximateNumberOfMessages: "1",
        ApproximateNumberOfMessagesNotVisible: "1",
      });
    });

    it("keeps nothing longer than its retention", async () => {
      const { send, receive, pass } = await opened();
      await send("old");
      await pass(QUEUE.retentionSeconds + 1);
      expect(await receive()).toEqual([]);
    });
  });
}
