/** Why a message could not be sent, in the words of EventBridge's dead-letter attributes. */
export interface Failure {
  code: string;
  message: string;
  /** Missing queues, missing permissions and refused messages are not retried: repetition would not help. */
  retryable: boolean;
}

interface ErrorLike {
  name?: unknown;
  code?: unknown;
  message?: unknown;
  /** The HTTP status of the local SQS's own errors. */
  status?: unknown;
  /** That of an SDK error. */
  $metadata?: { httpStatusCode?: unknown };
}

/** Classifies an error of an SQS client by its name, its system code and its HTTP status. */
export function deliveryFailure(error: unknown): Failure {
  const {
    name,
    code,
    message,
    status: ownStatus,
    $metadata,
  }: ErrorLike = typeof error === "object" && error !== null ? error : { message: String(error) };
  const words = `${String(name)} ${String(code)}`;
  const status = Number($metadata?.httpStatusCode ?? ownStatus);
  const failure = (failureCode: string, retryable: boolean): Failure => ({
    code: failureCode,
    message: String(message ?? words).slice(0, 1000) || words,
    retryable,
  });
  if (/QueueDoesNotExist|NonExistentQueue/.test(words)) return failure("NO_RESOURCE", false);
  if (/AccessDenied/.test(words)) return failure("NO_PERMISSIONS", false);
  if (/Throttl|TooManyRequests|OverLimit/.test(words) || status === 429) {
    return failure("THROTTLING", true);
  }
  if (/Timeout|ETIMEDOUT/i.test(words)) return failure("TIMEOUT", true);
  if (/ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH/.test(words)) {
    return failure("CONNECTION_FAILURE", true);
  }
  if (status >= 400 && status < 500) return failure("SDK_CLIENT_ERROR", false);
  return failure("ERROR_FROM_TARGET", true);
}
