import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/names.ts";
import { EDGE_HEADER } from "./edge-header.ts";

/** Seconds over which requests are counted. */
const WINDOW = 60;

/**
 * The firewall in front of the APIs. It is the guard against abuse, not the limit of a user: WAF
 * counts inexactly and knows no JWT, so it bounds addresses, and Authorization headers. An
 * environment without `firewall` in its configuration has none. What comes through the CDN, which the
 * secret in its header shows, has the CDN's addresses; the CDN's own firewall has counted those behind.
 *
 * @returns its ARN, empty where there is none
 */
export function createFirewall(edgeSecret?: pulumi.Output<string>): pulumi.Output<string> {
  const direct = edgeSecret && {
    notStatement: {
      statement: matches({ singleHeader: { name: EDGE_HEADER } }, "EXACTLY", edgeSecret),
    },
  };
  return firewall("apis", { scope: "REGIONAL" }, direct) ?? pulumi.output("");
}

/** The same in front of the CDN, for what it passes on to the APIs; undefined where there is none. */
export function createEdgeFirewall(): pulumi.Output<string> | undefined {
  // CloudFront takes web ACLs from this region alone.
  const where = { scope: "CLOUDFRONT", region: "us-east-1" };
  return firewall("edge", where, matches({ uriPath: {} }, "STARTS_WITH", "/v1/"));
}

function firewall(
  name: string,
  where: { scope: string; region?: string },
  counted?: Counted,
): pulumi.Output<string> | undefined {
  const limits = new pulumi.Config().getObject<{ perAddress: number; perToken: number }>(
    "firewall",
  );
  if (!limits) return undefined;
  const acl = new aws.wafv2.WebAcl(name, {
    ...where,
    name: resourceName("platform", name),
    defaultAction: { allow: {} },
    rules: [
      rule("per-address", 0, {
        rateBasedStatement: {
          aggregateKeyType: "IP",
          evaluationWindowSec: WINDOW,
          limit: limits.perAddress,
          ...(counted && { scopeDownStatement: counted }),
        },
      }),
      rule("per-token", 1, {
        rateBasedStatement: {
          aggregateKeyType: "CUSTOM_KEYS",
          evaluationWindowSec: WINDOW,
          limit: limits.perToken,
          customKeys: [
            {
              header: {
                name: "authorization",
                textTransformations: [{ priority: 0, type: "NONE" }],
              },
            },
          ],
        },
      }),
      ...["AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesKnownBadInputsRuleSet"].map(
        (group, index) => managed(group, 2 + index),
      ),
      // Captions are free text: what looks like an attack in a body is none here, and bodies of
      // more than 8 KB are batches. Both rules only count.
      managed("AWSManagedRulesCommonRuleSet", 4, [
        "SizeRestrictions_BODY",
        "CrossSiteScripting_BODY",
      ]),
    ],
    visibilityConfig: visible(name),
  });
  return acl.arn;
}

function matches(
  fieldToMatch: aws.types.input.wafv2.WebAclRuleStatementByteMatchStatementFieldToMatch,
  positionalConstraint: "EXACTLY" | "STARTS_WITH",
  searchString: pulumi.Input<string>,
) {
  return {
    byteMatchStatement: {
      fieldToMatch,
      positionalConstraint,
      searchString,
      textTransformations: [{ priority: 0, type: "NONE" }],
    },
  };
}

type Counted = aws.types.input.wafv2.WebAclRuleStatementRateBasedStatementScopeDownStatement;
type Rule = aws.types.input.wafv2.WebAclRule;

function rule(name: string, priority: number, statement: Rule["statement"]): Rule {
  return { name, priority, action: { block: {} }, statement, visibilityConfig: visible(name) };
}

function managed(name: string, priority: number, onlyCounted: string[] = []): Rule {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name,
        ruleActionOverrides: onlyCounted.map((ruleName) => ({
          name: ruleName,
          actionToUse: { count: {} },
        })),
      },
    },
    visibilityConfig: visible(name),
  };
}

function visible(metricName: string): Rule["visibilityConfig"] {
  return { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
