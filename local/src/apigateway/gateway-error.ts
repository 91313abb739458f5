interface Kind {
  status: number;
  message: string | null;
  /** The value of the `x-amzn-ErrorType` header. */
  errorType: string;
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
const KINDS = {
  ACCESS_DENIED: {
    status: 403,
    message: "User is not authorized to access this resource",
    errorType: "AccessDeniedException",
  },
  API_CONFIGURATION_ERROR: {
    status: 500,
    message: "Internal server error",
    errorType: "InternalServerErrorException",
  },
  AUTHORIZER_CONFIGURATION_ERROR: {
    status: 500,
    message: null,
    errorType: "AuthorizerConfigurationException",
  },
  AUTHORIZER_FAILURE: { status: 500, message: null, errorType: "AuthorizerFailureException" },
  BAD_REQUEST_BODY: { status: 400, message: "Bad Request", errorType: "BadRequestException" },
  DEFAULT_5XX: {
    status: 500,
    message: "Internal server error",
    errorType: "InternalServerErrorException",
  },
  INVALID_SIGNATURE: {
    status: 403,
    message: "The request signature we calculated does not match the signature you provided.",
    errorType: "InvalidSignatureException",
  },
  INTEGRATION_TIMEOUT: {
    status: 504,
    message: "Endpoint request timed out",
    errorType: "InternalServerErrorException",
  },
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    message: "Missing Authentication Token",
    errorType: "MissingAuthenticationTokenException",
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    message: "HTTP content length exceeded 10485760 bytes.",
    errorType: "RequestTooLargeException",
  },
  THROTTLED: { status: 429, message: "Too Many Requests", errorType: "TooManyRequestsException" },
  UNAUTHORIZED: { status: 401, message: "Unauthorized", errorType: "UnauthorizedException" },
} as const satisfies Record<string, Kind>;

export type GatewayErrorKind = keyof typeof KINDS;

/** An answer that API Gateway gives by itself, without or instead of the integration's. */
export class GatewayError extends Error {
  readonly kind: GatewayErrorKind;
  readonly status: number;
  readonly errorType: string;
  /** What `$context.error.message` is; the client sees it. */
  readonly clientMessage: string | null;

  /** `status`, `errorType` and `clientMessage` replace the kind's own; `reason` is for the log only. */
  constructor(
    kind: GatewayErrorKind,
    details: { reason?: string; status?: number; errorType?: string; clientMessage?: string } = {},
  ) {
    const { status, message, errorType } = KINDS[kind];
    super(details.reason ?? message ?? kind);
    this.name = "GatewayError";
    this.kind = kind;
    this.status = details.status ?? status;
    this.errorType = details.errorType ?? errorType;
    this.clientMessage = details.clientMessage ?? message;
  }
}
