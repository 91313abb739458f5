import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bucketName, resourceName } from "../components/names.ts";
import { createSigningKeys } from "./signing-keys.ts";

/** AWS's managed cache policy "CachingOptimized": caches by path alone, for up to a year. */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const YEAR = 31_536_000;

export interface Cdn {
  distribution: aws.cloudfront.Distribution;
  /** The id of the key that URLs are signed with now. */
  keyId: pulumi.Output<string>;
  /** The secret that holds its private half, PEM. */
  keySecretArn: pulumi.Output<string>;
}

/**
 * The CDN: renditions and originals, each only by a signed URL. The buckets belong to the services;
 * their names are known from the stack, and their policies let this distribution in.
 */
export function createCdn(): Cdn {
  const { group, keyId, secretArn } = createSigningKeys();
  const access = new aws.cloudfront.OriginAccessControl("buckets", {
    name: resourceName("platform", "buckets"),
    originAccessControlOriginType: "s3",
    signingBehavior: "always",
    signingProtocol: "sigv4",
  });
  const originalsCache = new aws.cloudfront.CachePolicy("originals", {
    name: resourceName("platform", "originals"),
    comment: "One pinned version of an original, under the file name it is downloaded as",
    minTtl: 0,
    // Asked for again each time: a deleted original is gone at once, and needs no invalidation.
    defaultTtl: 0,
    maxTtl: YEAR,
    parametersInCacheKeyAndForwardedToOrigin: {
      cookiesConfig: { cookieBehavior: "none" },
      headersConfig: { headerBehavior: "none" },
      queryStringsConfig: {
        queryStringBehavior: "whitelist",
        queryStrings: { items: ["versionId", "response-content-disposition"] },
      },
    },
  });
  const renditionsCache = new aws.cloudfront.CachePolicy("renditions", {
    name: resourceName("platform", "renditions"),
    comment: "A rendition, under the file name it is downloaded as",
    minTtl: 0,
    defaultTtl: YEAR,
    maxTtl: YEAR,
    parametersInCacheKeyAndForwardedToOrigin: {
      cookiesConfig: { cookieBehavior: "none" },
      headersConfig: { headerBehavior: "none" },
      queryStringsConfig: {
        queryStringBehavior: "whitelist",
        queryStrings: { items: ["response-content-disposition"] },
      },
    },
  });
  const headers = new aws.cloudfront.ResponseHeadersPolicy("pictures", {
    name: resourceName("platform", "pictures"),
    securityHeadersConfig: {
      contentTypeOptions: { override: true },
      // A picture is never a page: whatever slipped into it may not run.
      contentSecurityPolicy: {
        contentSecurityPolicy: "default-src 'none'; sandbox",
        override: true,
      },
      strictTransportSecurity: { accessControlMaxAgeSec: YEAR, override: true },
    },
    corsConfig: {
      accessControlAllowCredentials: false,
      accessControlAllowHeaders: { items: ["*"] },
      accessControlAllowMethods: { items: ["GET", "HEAD"] },
      accessControlAllowOrigins: {
        items: new pulumi.Config().requireObject<string[]>("webOrigins"),
      },
      originOverride: true,
    },
  });
  const behavior = (origin: string, cachePolicyId: pulumi.Input<string>) => ({
    targetOriginId: origin,
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: ["GET", "HEAD", "OPTIONS"],
    cachedMethods: ["GET", "HEAD"],
    cachePolicyId,
    responseHeadersPolicyId: headers.id,
    trustedKeyGroups: [group.id],
  });
  const origin = (thing: "originals" | "processed") => ({
    originId: thing,
    domainName: pulumi.interpolate`${bucketName(thing)}.s3.${aws.getRegionOutput().region}.amazonaws.com`,
    originAccessControlId: access.id,
  });
  const distribution = new aws.cloudfront.Distribution("pictures", {
    enabled: true,
    comment: resourceName("platform", "pictures"),
    httpVersion: "http2and3",
    isIpv6Enabled: true,
    priceClass: "PriceClass_100",
    origins: [origin("originals"), origin("processed")],
    orderedCacheBehaviors: [
      { pathPattern: "/renditions/*", ...behavior("processed", renditionsCache.id) },
      { pathPattern: "/originals/*", ...behavior("originals", originalsCache.id) },
    ],
    defaultCacheBehavior: behavior("processed", CACHING_OPTIMIZED),
    restrictions: { geoRestriction: { restrictionType: "none" } },
    viewerCertificate: { cloudfrontDefaultCertificate: true },
  });
  return { distribution, keyId, keySecretArn: secretArn };
}
