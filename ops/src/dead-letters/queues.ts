import { GetQueueAttributesCommand, ListQueuesCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** A queue of what could not be handled, and where it goes back to. */
export interface LetterQueue {
  name: string;
  url: string;
  kind: LetterKind["kind"];
  /** The name of the queue that its letters are redriven to. */
  target: string;
  /** Letters in it now, those that somebody looks at included; eventually right. */
  letters: number;
}

interface LetterKind {
  /** What it holds: messages a consumer gave up on, events a rule could not deliver, changes a relay could not. */
  kind: "consumer" | "rule" | "relay";
  target: string;
}

/** Which kind of dead letters a queue of this name holds; undefined for a queue that is none of them. */
function kindOf(name: string): LetterKind | undefined {
  for (const [suffix, kind, becomes] of [
    ["-dlq", "consumer", ""],
    ["-undeliverable", "rule", ""],
    ["-relay-failed", "relay", "-relay-again"],
  ] as const) {
    if (name.endsWith(suffix)) return { kind, target: name.slice(0, -suffix.length) + becomes };
  }
  return undefined;
}

/** All dead-letter queues of an environment, found by their names. */
export async function letterQueues(sqs: SQSClient, env: string): Promise<LetterQueue[]> {
  const urls: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await sqs.send(
      new ListQueuesCommand({ QueueNamePrefix: `shoebox-${env}-`, MaxResults: 1_000, NextToken }),
    );
    urls.push(...(page.QueueUrls ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  const queues = urls.flatMap((url) => {
    const name = url.split("/").at(-1) ?? "";
    const kind = kindOf(name);
    return kind ? [{ name, url, ...kind }] : [];
  });
  const counted = await Promise.all(
    queues.map(async (queue) => ({ ...queue, letters: await lettersIn(sqs, queue.url) })),
  );
  return counted.sort((a, b) => a.name.localeCompare(b.name));
}

async function lettersIn(sqs: SQSClient, url: string): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  return (
    Number(Attributes?.ApproximateNumberOfMessages ?? 0) +
    Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0)
  );
}
