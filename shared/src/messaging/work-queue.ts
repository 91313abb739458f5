/** What the programs that declare a queue and the code that reads it must agree on. */

/**
 * How often a queue hands a message out before it is a dead letter (AWS advises at least five for a
 * Lambda consumer). A consumer that fails for the last time knows by it that nobody will try again.
 */
export const MAX_RECEIVES = 5;

/**
 * The same for a consumer that knows by the reason, not by counting, what can never succeed: the most
 * there is. A message that comes again after three minutes is tried for two days.
 */
export const MOST_RECEIVES = 1_000;

/** The name of the dead-letter queue that belongs to a queue. */
export const deadLetterQueueOf = (queue: string): string => `${queue}-dlq`;

/** The name of a queue: the end of its ARN. */
export const nameOfQueue = (arn: string): string => arn.split(":").at(-1) ?? "";
