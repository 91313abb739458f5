import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { bucketName, resourceName } from "../components/names.ts";
import { type Domains, nameDistribution, webCertificate } from "./domains.ts";
import { createEdgeFirewall } from "./firewall.ts";
import { createSigningKeys } from "./signing-keys.ts";
import { deploySite, siteParts } from "./site.ts";

/** AWS's managed cache policy "CachingOptimized": caches by path alone, for up to a year. */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const YEAR = 31_536_000;

export interface Cdn {
  distribution: aws.cloudfront.Distribution;
  /** Under which pictures are fetched. */
  domain: pulumi.Output<string>;
  /** What tells the API that a request came through the CDN; absent where none does. */
  edgeSecret?: pulumi.Output<string>;
  /** The id of the key that URLs are signed with now. */
  keyId: pulumi.Output<string>;
  /** The secret that holds its private half, PEM. */
  keySecretArn: pulumi.Output<string>;
}

/**
 * The CDN: renditions and originals, each only by a signed URL. The buckets belong to the services;
 * their names are known from the stack, and their policies let this distribution in. An environment with
 * domains has its web pages here too, and the API under their origin, so that a page needs no other.
 */
export function createCdn(domains: Domains | undefined): Cdn {
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
  const edgeSecret = domains && createEdgeSecret();
  const site = domains && edgeSecret && siteParts(domains, access, edgeSecret);
  const distribution = new aws.cloudfront.Distribution("pictures", {
    enabled: true,
    comment: resourceName("platform", "pictures"),
    httpVersion: "http2and3",
    isIpv6Enabled: true,
    priceClass: "PriceClass_100",
    ...(domains && { aliases: [domains.web] }),
    ...(site && { webAclId: createEdgeFirewall() }),
    origins: [origin("originals"), origin("processed"), ...(site?.origins ?? [])],
    orderedCacheBehaviors: [
      { pathPattern: "/renditions/*", ...behavior("processed", renditionsCache.id) },
      { pathPattern: "/originals/*", ...behavior("originals", originalsCache.id) },
      ...(site ? [site.api] : []),
    ],
    defaultCacheBehavior: site?.pages ?? behavior("processed", CACHING_OPTIMIZED),
    restrictions: { geoRestriction: { restrictionType: "none" } },
    viewerCertificate: domains
      ? {
          acmCertificateArn: webCertificate(domains),
          sslSupportMethod: "sni-only",
          minimumProtocolVersion: "TLSv1.2_2021",
        }
      : { cloudfrontDefaultCertificate: true },
  });
  if (domains) {
    nameDistribution(domains, distribution);
    deploySite(distribution);
  }
  const domain = domains ? pulumi.output(domains.web) : distribution.domainName;
  return { distribution, domain, edgeSecret, keyId, keySecretArn: secretArn };
}

/** A text that nobody can guess: of a key that signs nothing. */
function createEdgeSecret(): pulumi.Output<string> {
  const key = new tls.PrivateKey("edge", { algorithm: "ECDSA", ecdsaCurve: "P256" });
  return key.privateKeyPem.apply((pem) => createHash("sha256").update(pem).digest("hex"));
}
