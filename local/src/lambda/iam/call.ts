/** A request that a handler sends to AWS, as far as IAM's decision needs it. */
export interface Call {
  /** The SDK's service id in lower case, as the endpoints are named. */
  service: string;
  method: string;
  path: string;
  query: URLSearchParams;
  /** `X-Amz-Target` of the JSON protocols, such as `DynamoDB_20120810.PutItem`. */
  target: string;
  /** As text; large ones are only made so when somebody asks. */
  body(): string;
}

/** Where ARNs point to. */
export interface Account {
  region: string;
  accountId: string;
  /** The search domain, when there is one. */
  search?: { domainArn: string };
}
