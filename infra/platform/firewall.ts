import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/names.ts";

/** Seconds over which requests are counted. */
const WINDOW = 60;

/**
 * The firewall in front of the APIs. It is the guard against abuse, not the limit of a user: WAF
 * counts inexactly and knows no JWT, so it bounds addresses, and Authorization headers. An
 * environment without `firewall` in its configuration has none.
 *
 * @returns its ARN, empty where there is none
 */
export function createFirewall(): pulumi.Output<string> {
  const config = new pulumi.Config();
  const limits = config.getObject<{ perAddress: number; perToken: number }>("firewall");
  if (!limits) return pulumi.output("");
  const acl = new aws.wafv2.WebAcl("apis", {
    name: resourceName("platform", "apis"),
    scope: "REGIONAL",
    defaultAction: { allow: {} },
    rules: [
      rule("per-address", 0, {
        rateBasedStatement: {
          aggregateKeyType: "IP",
          evaluationWindowSec: WINDOW,
          limit: limits.perAddress,
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
        (name, index) => managed(name, 2 + index),
      ),
      // Captions are free text: what looks like an attack in a body is none here, and bodies of
      // more than 8 KB are batches. Both rules only count.
      managed("AWSManagedRulesCommonRuleSet", 4, [
        "SizeRestrictions_BODY",
        "CrossSiteScripting_BODY",
      ]),
    ],
    visibilityConfig: visible("apis"),
  });
  return acl.arn;
}

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
