/** An error as the SQS JSON protocol answers it: `code` is the shape's name, `queryCode` the older name in a header. */
export class SqsError extends Error {
  readonly code: string;
  readonly queryCode: string;
  readonly status: number;

  constructor(code: string, message: string, queryCode = code, status = 400) {
    super(message);
    this.name = "SqsError";
    this.code = code;
    this.queryCode = queryCode;
    this.status = status;
  }
}

export function invalidValue(message: string): SqsError {
  return new SqsError("InvalidParameterValue", message);
}

export function noSuchQueue(name: string): SqsError {
  return new SqsError(
    "QueueDoesNotExist",
    `The specified queue does not exist: ${name}`,
    "AWS.SimpleQueueService.NonExistentQueue",
  );
}

/** What this stand-in does not know is refused, never half done. */
export function notSupported(what: string): SqsError {
  return new SqsError(
    "NotImplemented",
    `The local SQS does not support ${what}.`,
    "NotImplemented",
    501,
  );
}
