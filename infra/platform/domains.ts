import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The names that an environment is known by, in a hosted zone of this account. */
export interface Domains {
  zoneId: string;
  /** Of the pages and the pictures. */
  web: string;
  /** Of the four APIs. */
  api: string;
}

/** CloudFront takes certificates from here alone. */
const CLOUDFRONT_REGION = "us-east-1";
/** The hosted zone of every distribution there is. */
const CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2";

/** What the stack's configuration says; without it the APIs and the CDN have the names that AWS gives them, and there are no pages. */
export function configuredDomains(): Domains | undefined {
  return new pulumi.Config().getObject<Domains>("domains");
}

/** A certificate for the pages, where CloudFront looks for it. */
export function webCertificate({ web, zoneId }: Domains): pulumi.Output<string> {
  return certificate("web", web, zoneId, { region: CLOUDFRONT_REGION });
}

/** The name of the pages leads to the distribution, over IPv4 and IPv6. */
export function nameDistribution(
  { web, zoneId }: Domains,
  distribution: aws.cloudfront.Distribution,
): void {
  for (const type of ["A", "AAAA"]) {
    new aws.route53.Record(`web-${type.toLowerCase()}`, {
      zoneId,
      name: web,
      type,
      aliases: [
        { name: distribution.domainName, zoneId: CLOUDFRONT_ZONE, evaluateTargetHealth: false },
      ],
    });
  }
}

/**
 * One name for the four APIs. Which path leads to which is not said here: each service adds the rule for
 * its own.
 */
export function createApiDomain({ api, zoneId }: Domains): aws.apigateway.DomainName {
  const domain = new aws.apigateway.DomainName("api", {
    domainName: api,
    regionalCertificateArn: certificate("api", api, zoneId),
    endpointConfiguration: { types: "REGIONAL" },
    securityPolicy: "TLS_1_2",
    // Rules leave a path as it is, where mappings would cut off what they matched.
    routingMode: "ROUTING_RULE_ONLY",
  });
  new aws.route53.Record("api", {
    zoneId,
    name: api,
    type: "A",
    aliases: [
      {
        name: domain.regionalDomainName,
        zoneId: domain.regionalZoneId,
        evaluateTargetHealth: false,
      },
    ],
  });
  return domain;
}

/** A certificate that renews itself for as long as the record that proves the name is there. */
function certificate(
  name: string,
  domainName: string,
  zoneId: string,
  region: { region?: string } = {},
): pulumi.Output<string> {
  const asked = new aws.acm.Certificate(name, { ...region, domainName, validationMethod: "DNS" });
  const proof = asked.domainValidationOptions.apply(([first]) => {
    if (!first) throw new Error(`AWS does not say how to prove ${domainName}.`);
    return first;
  });
  const record = new aws.route53.Record(`${name}-proof`, {
    zoneId,
    name: proof.resourceRecordName,
    type: proof.resourceRecordType,
    records: [proof.resourceRecordValue],
    ttl: 300,
    allowOverwrite: true,
  });
  const proven = new aws.acm.CertificateValidation(name, {
    ...region,
    certificateArn: asked.arn,
    validationRecordFqdns: [record.fqdn],
  });
  return proven.certificateArn;
}
