import { wildcardMatches } from "./wildcard.ts";

export interface CdnBehavior {
  /** Such as `renditions/*`, or `default` for what no other behaviour matches. */
  pathPattern: string;
  bucket: string;
  /** True: only signed URLs of the distribution's key group. */
  signed: boolean;
  /** Query parameters that reach S3; all others stop here. */
  allowedQueryStrings: string[];
  /** The response headers policy, flattened. Origins of `Access-Control-Allow-Origin` may be separated by commas. */
  responseHeaders?: Record<string, string>;
  /** Accepted without an effect: CloudFront compresses texts, and none of the picture types. */
  compress?: boolean;
}

export interface Distribution {
  behaviors: CdnBehavior[];
  /** The key group. */
  publicKeys: { id: string; pem: string }[];
}

/** The first behaviour, in their order, whose pattern matches the path; `default` when none does. A leading slash changes nothing. */
export function behaviorFor(behaviors: CdnBehavior[], path: string): CdnBehavior | undefined {
  const plain = path.replace(/^\//, "");
  return (
    behaviors.find(
      ({ pathPattern }) =>
        pathPattern !== "default" && wildcardMatches(pathPattern.replace(/^\//, ""), plain),
    ) ?? behaviors.find(({ pathPattern }) => pathPattern === "default")
  );
}
