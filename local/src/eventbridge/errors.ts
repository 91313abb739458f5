/** An error of the AWS API: goes out as `{"__type": type, "message": message}` with the HTTP status. */
export class EventBridgeError extends Error {
  override name = "EventBridgeError";
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

export function validation(message: string): EventBridgeError {
  return new EventBridgeError("ValidationException", message);
}

export function notFound(message: string): EventBridgeError {
  return new EventBridgeError("ResourceNotFoundException", message);
}

export function alreadyExists(message: string): EventBridgeError {
  return new EventBridgeError("ResourceAlreadyExistsException", message);
}

export function limitExceeded(message: string): EventBridgeError {
  return new EventBridgeError("LimitExceededException", message);
}

export function invalidPattern(reason: string): EventBridgeError {
  return new EventBridgeError(
    "InvalidEventPatternException",
    `Event pattern is not valid. Reason: ${reason}`,
  );
}

/** What real EventBridge may know but this one does not: refused with HTTP 501, so that nobody believes it worked. */
export function notSupported(sentence: string): EventBridgeError {
  return new EventBridgeError(
    "NotImplementedException",
    `The local EventBridge does not support ${sentence}.`,
    501,
  );
}
