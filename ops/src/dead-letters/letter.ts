import type { Message } from "@aws-sdk/client-sqs";

/** A dead letter, whichever of its kinds. */
export interface Letter {
  message: Message;
  /** Why it is here, in the words of whoever put it here. */
  reason: string;
  /** ISO 8601: when it became a dead letter, or was sent when SQS moved it. */
  at: string;
  /** False for what only tells of changes that nobody can read any more: there is nothing in it to try again. */
  redrivable: boolean;
}

/** Milliseconds for which a stream has what was changed. */
const STREAM_KEEPS = 24 * 3_600_000;

/**
 * Reads why a message is a dead letter: our consumers say so in its attributes, EventBridge in others,
 * the relay in its body, Lambda (a stream's records that it gave up) in a body of its own, which says
 * which records they are: the relay reads them again for as long as the stream has them. A message
 * without any was moved by SQS, because its consumer neither finished nor said why.
 *
 * @param now milliseconds
 */
export function letterOf(message: Message, now: number): Letter {
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
    const { approximateArrivalOfLastRecord: last } = body.DDBStreamBatchInfo as {
      approximateArrivalOfLastRecord?: string;
    };
    const gone = last === undefined || Date.parse(last) < now - STREAM_KEEPS;
    return letter(
      `Lambda: ${context?.condition ?? "the stream's records were given up"}${gone ? ", and the stream does not have them any more" : ""}`,
      !gone,
    );
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
