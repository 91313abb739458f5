/** One resource that a program declares, with its inputs resolved and the attributes a cloud gives. */
export interface Resource {
  program: string;
  /** Pulumi's type token, such as `aws:sqs/queue:Queue`. */
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/** The programs, in the order in which they can be evaluated: all others read the platform's outputs. */
export const programs = ["platform", "upload", "catalog", "processing", "search"] as const;
export type Program = (typeof programs)[number];

/**
 * What only the cloud that is built can know: addresses and keys. On AWS these come true on
 * `pulumi up`; here they are given.
 */
export interface World {
  region: string;
  accountId: string;
  sqsUrl: string;
  searchEndpoint: string;
  cdnDomain: string;
  /** By name of the `tls.PrivateKey`. */
  keys: Record<string, { privateKeyPem: string; publicKeyPem: string }>;
}

/** Attributes in the shape AWS gives them, for looking at the graph of a stack that is not built. */
export const awsWorld: World = {
  region: "us-east-1",
  accountId: "000000000000",
  sqsUrl: "https://sqs.us-east-1.amazonaws.com",
  searchEndpoint: "search-shoebox.us-east-1.es.amazonaws.com",
  cdnDomain: "d111111abcdef8.cloudfront.net",
  keys: {},
};
