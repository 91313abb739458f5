/** One cause in OpenSearch's error JSON; further keys (`index`, `line`, …) stand beside type and reason. */
export type ErrorDetail = {
  type: string;
  reason: string;
  caused_by?: ErrorDetail;
  [key: string]: unknown;
};

/** An answer other than success, in the words and with the status that OpenSearch 2.19 uses. */
export class OpenSearchError extends Error {
  readonly status: number;
  readonly detail: ErrorDetail;
  readonly rootCause: ErrorDetail;

  constructor(status: number, detail: ErrorDetail, rootCause: ErrorDetail = detail) {
    super(detail.reason);
    this.status = status;
    this.detail = detail;
    this.rootCause = rootCause;
  }

  body(): unknown {
    const { caused_by: _, ...root } = this.rootCause;
    return { error: { root_cause: [root], ...this.detail }, status: this.status };
  }
}

/** 501: the stand-in says loudly what it does not know instead of answering something else. */
export function notSupported(what: string): OpenSearchError {
  return new OpenSearchError(501, {
    type: "not_supported_by_local_stand_in",
    reason: `The local OpenSearch stand-in does not support ${what}.`,
  });
}

export function illegalArgument(reason: string, causedBy?: ErrorDetail): OpenSearchError {
  const detail: ErrorDetail = { type: "illegal_argument_exception", reason };
  return new OpenSearchError(400, causedBy ? { ...detail, caused_by: causedBy } : detail);
}

export function parsingError(reason: string): OpenSearchError {
  return new OpenSearchError(400, { type: "parsing_exception", reason });
}

/** What OpenSearch's object parsers answer for a field they do not know. */
export function unknownKey(parser: string, key: string): OpenSearchError {
  return new OpenSearchError(400, {
    type: "x_content_parse_exception",
    reason: `[${parser}] unknown field [${key}]`,
  });
}

export function validationFailed(reason: string): OpenSearchError {
  return new OpenSearchError(400, {
    type: "action_request_validation_exception",
    reason: `Validation Failed: 1: ${reason};`,
  });
}

export function indexNotFound(name: string, resourceType = "index_or_alias"): OpenSearchError {
  return new OpenSearchError(404, {
    type: "index_not_found_exception",
    reason: `no such index [${name}]`,
    index: name,
    "resource.id": name,
    "resource.type": resourceType,
    index_uuid: "_na_",
  });
}

/** A failure that arises while a shard runs the query: OpenSearch wraps it as "all shards failed". */
export function shardFailure(index: string, cause: ErrorDetail, status = 400): OpenSearchError {
  const wrapped: ErrorDetail = {
    type: "search_phase_execution_exception",
    reason: "all shards failed",
    phase: "query",
    grouped: true,
    failed_shards: [{ shard: 0, index, node: "local", reason: cause }],
  };
  // Java's own exceptions are repeated as the cause, OpenSearch's are not.
  if (cause.type === "illegal_argument_exception") {
    wrapped.caused_by = { ...cause, caused_by: cause };
  }
  return new OpenSearchError(status, wrapped, cause);
}
