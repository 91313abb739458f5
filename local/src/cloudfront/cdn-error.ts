/** What CloudFront itself answers instead of the origin: a small XML document for refusals, a page for the rest. */
export class CdnError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "CdnError";
    this.status = status;
    this.code = code;
  }

  get body(): string {
    return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${this.code}</Code><Message>${this.message}</Message></Error>`;
  }
}

/** A signature that does not fit, a policy that does not allow it, an object that is not there: CloudFront tells no difference. */
export function accessDenied(): CdnError {
  return new CdnError(403, "AccessDenied", "Access denied");
}
