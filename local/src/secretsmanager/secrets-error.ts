/** An error as Secrets Manager's JSON 1.1 protocol answers it. */
export class SecretsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = "SecretsError";
    this.code = code;
    this.status = status;
  }
}
