import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bucketName, resourceName } from "../components/names.ts";
import { PrivateBucket } from "../components/private-bucket.ts";
import type { Domains } from "./domains.ts";
import { EDGE_HEADER } from "./edge-header.ts";
import { siteFiles } from "./site-files.ts";
import { rewritePath } from "./site-paths.ts";

const YEAR = 31_536_000;
const FOLDER = new URL("../../web/dist/", import.meta.url);
/** AWS's managed policies, by name. */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

/** What a distribution needs to serve the pages, and the API under their own origin. */
export interface SiteParts {
  origins: aws.types.input.cloudfront.DistributionOrigin[];
  pages: aws.types.input.cloudfront.DistributionDefaultCacheBehavior;
  api: aws.types.input.cloudfront.DistributionOrderedCacheBehavior;
}

/** How the pages and the API come into the distribution. `edgeSecret` tells the API whence a request comes. */
export function siteParts(
  domains: Domains,
  access: aws.cloudfront.OriginAccessControl,
  edgeSecret: pulumi.Input<string>,
): SiteParts {
  const region = aws.getRegionOutput().region;
  const paths = new aws.cloudfront.Function("site-paths", {
    name: resourceName("platform", "site-paths"),
    comment: "Addresses within the gallery are its one page",
    runtime: "cloudfront-js-2.0",
    code: `${rewritePath.toString()}\nfunction handler(event) {\n  event.request.uri = rewritePath(event.request.uri);\n  return event.request;\n}\n`,
  });
  return {
    origins: [
      {
        originId: "web",
        domainName: pulumi.interpolate`${bucketName("web")}.s3.${region}.amazonaws.com`,
        originAccessControlId: access.id,
      },
      {
        originId: "api",
        domainName: domains.api,
        customHeaders: [{ name: EDGE_HEADER, value: edgeSecret }],
        customOriginConfig: {
          httpPort: 80,
          httpsPort: 443,
          originProtocolPolicy: "https-only",
          originSslProtocols: ["TLSv1.2"],
          // Who waits for an end may wait for 25 seconds; the API gives up after 29.
          originReadTimeout: 30,
        },
      },
    ],
    pages: {
      targetOriginId: "web",
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD"],
      cachedMethods: ["GET", "HEAD"],
      compress: true,
      // For how long is said by each object.
      cachePolicyId: CACHING_OPTIMIZED,
      responseHeadersPolicyId: pageHeaders(domains).id,
      functionAssociations: [{ eventType: "viewer-request", functionArn: paths.arn }],
    },
    api: {
      pathPattern: "/v1/*",
      targetOriginId: "api",
      viewerProtocolPolicy: "https-only",
      allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
      cachedMethods: ["GET", "HEAD"],
      compress: true,
      cachePolicyId: CACHING_DISABLED,
      originRequestPolicyId: ALL_VIEWER_EXCEPT_HOST_HEADER,
    },
  };
}

/** The bucket of the pages with what was built of them, if anything was, and the settings that make them right here. */
export function deploySite(distribution: aws.cloudfront.Distribution): void {
  const config = new pulumi.Config();
  const bucket = new PrivateBucket("web", {
    readableBy: distribution.arn,
    readActions: ["s3:GetObject"],
  });
  for (const { key, path, contentType, cacheControl, hash } of siteFiles(FOLDER)) {
    new aws.s3.BucketObjectv2(`web/${key}`, {
      bucket: bucket.name,
      key,
      source: new pulumi.asset.FileAsset(path),
      sourceHash: hash,
      contentType,
      cacheControl,
    });
  }
  new aws.s3.BucketObjectv2("web/config.json", {
    bucket: bucket.name,
    key: "config.json",
    contentType: "application/json",
    cacheControl: "no-store",
    content: JSON.stringify({
      signIn: "oidc",
      issuer: config.require("oidcIssuer"),
      clientId: config.require("webClientId"),
    }),
  });
}

/** A page may load pictures from its own origin, and send to the API, the bucket of originals and the issuer. */
function pageHeaders(domains: Domains): aws.cloudfront.ResponseHeadersPolicy {
  const issuer = new URL(new pulumi.Config().require("oidcIssuer")).origin;
  const region = aws.getRegionOutput().region;
  const bucket = pulumi.interpolate`https://${bucketName("originals")}.s3.${region}.amazonaws.com`;
  const policy = bucket.apply((originals) =>
    [
      "default-src 'self'",
      "img-src 'self' blob: data:",
      `connect-src 'self' https://${domains.api} ${originals} ${issuer}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
      `form-action 'self' ${issuer}`,
      "object-src 'none'",
    ].join("; "),
  );
  return new aws.cloudfront.ResponseHeadersPolicy("pages", {
    name: resourceName("platform", "pages"),
    securityHeadersConfig: {
      contentTypeOptions: { override: true },
      contentSecurityPolicy: { contentSecurityPolicy: policy, override: true },
      frameOptions: { frameOption: "DENY", override: true },
      referrerPolicy: { referrerPolicy: "same-origin", override: true },
      strictTransportSecurity: { accessControlMaxAgeSec: YEAR, override: true },
    },
  });
}
