/** An error as DynamoDB answers it. */
export class DynamoDbError extends Error {
  readonly type: string;
  readonly members: Record<string, unknown>;
  readonly status: number;

  constructor(type: string, message: string, members: Record<string, unknown> = {}, status = 400) {
    super(message);
    this.type = type;
    this.members = members;
    this.status = status;
  }
}

export function validation(message: string): DynamoDbError {
  return new DynamoDbError("ValidationException", message);
}

/** What the simulation does not pretend to know is refused loudly, never guessed at. */
export function unsupported(what: string): DynamoDbError {
  return new DynamoDbError("NotSupported", `The simulated table knows no ${what}.`, {}, 501);
}
