import type { Message } from "@aws-sdk/client-sqs";

/** A dead letter, whichever of its kinds. */
export interface Letter {
  message: Message;
  /** Why it is here, in the words of whoever put it here. */
  reason: string;
  /** ISO 8601: when it became a dead letter, or was sent when SQS moved it. */
  at: string;
  /** False for what only tells that something happened: there is nothing in it to try again. */
  redrivable: boolean;
}

/**
 * Reads why a message is a dead letter: our consumers say so in its attributes, EventBridge in others,
 * the relay in its body, Lambda (a stream's records that grew too old) in a body of its own. A message
 * without any was moved by SQS, because its consumer neither finished nor said why.
 */
export function letterOf(message: Message): Letter {
  const attribute = (name: string) => message.MessageAttributes?.[name]?.StringValue;
  const sent = Number(message.Attributes?.SentTimestamp ?? 0);
  const at = attribute("at") ?? new Date(sent).toISOString();
  const letter = (reason: string, redrivable = true) => ({ message, reason, at, redrivable });

  const own = attribute("reason");
  if (own !== undefined) return letter(own);
  const code = attribute("ERROR_CODE");
  if (code !== undefined) {
    return letter(`EventBridge: ${code}: ${attribute("ERROR_MESSAGE") ?? "no message"}`);
  }
  const body = parsed(message.Body);
  if (body.record !== undefined && typeof body.reason === "string") return letter(body.reason);
  if (body.DDBStreamBatchInfo !== undefined) {
    const context = body.requestContext as { condition?: string } | undefined;
    return letter(`Lambda: ${context?.condition ?? "the stream's records were given up"}`, false);
  }
  return letter("moved by SQS: its function crashed or ran out of time");
}

function parsed(body: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body ?? "");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // What is no JSON may be the very reason why it is here.
    return {};
  }
}
