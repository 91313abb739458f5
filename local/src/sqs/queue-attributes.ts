import { invalidValue, notSupported, SqsError } from "./sqs-error.ts";

export type QueueAttributes = Record<string, string>;

/** SQS's defaults, from the CreateQueue reference; sizes in bytes (1 MiB since August 2025), times in seconds. */
export const DEFAULT_ATTRIBUTES: Readonly<QueueAttributes> = {
  VisibilityTimeout: "30",
  DelaySeconds: "0",
  MaximumMessageSize: "1048576",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  SqsManagedSseEnabled: "true",
};

const RANGES: Record<string, [number, number]> = {
  VisibilityTimeout: [0, 43_200],
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1_024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
};

/** Kept and told, without an effect here: nothing is encrypted, and the parts that send check `Policy` themselves. */
const KEPT = [
  "SqsManagedSseEnabled",
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
  "Policy",
  "RedriveAllowPolicy",
];

export interface RedrivePolicy {
  deadLetterTargetArn: string;
  maxReceiveCount: number;
}

export function redrivePolicy(attributes: QueueAttributes): RedrivePolicy | undefined {
  if (!attributes.RedrivePolicy) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(attributes.RedrivePolicy) as Record<
    string,
    unknown
  >;
  return {
    deadLetterTargetArn: String(deadLetterTargetArn),
    maxReceiveCount: Number(maxReceiveCount),
  };
}

/** Throws what SQS answers for attributes it would not take. `exists` tells whether there is a queue of that ARN. */
export function checkAttributes(
  attributes: QueueAttributes,
  exists: (arn: string) => boolean,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    const range = RANGES[name];
    if (range) checkRange(name, value, range);
    else if (name === "RedrivePolicy") checkRedrive(value, exists);
    else if (name === "FifoQueue") throw notSupported("FIFO queues");
    else if (!KEPT.includes(name)) {
      throw new SqsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
    }
  }
}

function checkRange(name: string, value: string, [least, most]: [number, number]): void {
  const number = Number(value);
  if (value !== "" && Number.isInteger(number) && number >= least && number <= most) return;
  throw new SqsError(
    "InvalidAttributeValue",
    `Invalid value for the parameter ${name}. Reason: must be between ${least} and ${most}.`,
  );
}

function checkRedrive(value: string, exists: (arn: string) => boolean): void {
  // An empty value takes the policy away.
  if (value === "") return;
  const invalid = (reason: string) =>
    invalidValue(`Value ${value} for parameter RedrivePolicy is invalid. Reason: ${reason}`);
  let policy: RedrivePolicy | undefined;
  try {
    policy = redrivePolicy({ RedrivePolicy: value });
  } catch {
    throw invalid("not a JSON object.");
  }
  const count = policy?.maxReceiveCount ?? 0;
  if (!Number.isInteger(count) || count < 1 || count > 1_000) {
    throw invalid("maxReceiveCount must be between 1 and 1000.");
  }
  if (!exists(policy?.deadLetterTargetArn ?? ""))
    throw invalid("Dead letter target does not exist.");
}
