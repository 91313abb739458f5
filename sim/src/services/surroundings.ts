import type { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Client } from "@opensearch-project/opensearch";
import type { CdnSigner } from "@shoebox/shared/cdn/signer";
import type { DomainEvent } from "@shoebox/shared/events/define";
import { createLogger, type Logger } from "@shoebox/shared/log";
import { createDeadLetters, type DeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { createPublisher } from "@shoebox/shared/messaging/publish";
import { type Change, createRelay } from "@shoebox/shared/messaging/relay";
import type { ColdStart } from "../lambda/functions.ts";

/** What services are built over: the SDK's own clients, whose other end is the world. */
export interface Surroundings {
  documents: DynamoDBDocumentClient;
  s3: S3Client;
  events: EventBridgeClient;
  sqs: SQSClient;
  search: Client;
  cloudfront: CloudFrontClient;
  now: () => number;
  pause: (ms: number) => Promise<void>;
  /** The environment that the programs declare for a function of this service. */
  environment(service: string): Record<string, string>;
}

export type ColdStarts = Record<string, ColdStart>;

export function silent(service: string): Logger {
  return createLogger(service, "silent");
}

/** As the relay's function is wired: what can't be turned into events is set aside whole. */
export function relay(
  service: string,
  toEvents: (change: Change) => DomainEvent[],
  { events, sqs, environment }: Surroundings,
): ColdStart {
  const { BUS_NAME = "", RELAY_DEAD_LETTERS_URL } = environment(service);
  const log = silent(service);
  return () =>
    createRelay({
      publisher: createPublisher(events, BUS_NAME, log),
      toEvents,
      log,
      setAside: async (letter) => {
        const MessageBody = JSON.stringify(letter);
        await sqs.send(new SendMessageCommand({ QueueUrl: RELAY_DEAD_LETTERS_URL, MessageBody }));
      },
    });
}

/** As the functions have them: where a message goes that failed for the last time. */
export function deadLetters(service: string, { sqs, now }: Surroundings): DeadLetters {
  return createDeadLetters(service, { client: () => sqs, now });
}

/** Signatures are not what is simulated. */
export const plainCdn: CdnSigner = {
  renditions: () => (key) => `https://cdn.sim/${key}`,
  object: (path, query, now) => ({
    url: `https://cdn.sim/${path}?${new URLSearchParams(query)}`,
    expiresAt: now + 3_600_000,
  }),
};
