import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Some actions on some resources: the unit in which a function is given rights. */
export interface Statement {
  actions: string[];
  resources: pulumi.Input<string>[];
}

/** A policy document that allows exactly these statements to whoever it is attached to. */
export function allow(statements: Statement[]): pulumi.Output<string> {
  return aws.iam.getPolicyDocumentOutput({
    statements: statements.map((statement) => ({ effect: "Allow", ...statement })),
  }).json;
}

/** A resource policy: one service principal may do one thing here, when it comes from one source. */
export function allowService(options: {
  service: string;
  actions: string[];
  resources: pulumi.Input<string>[];
  sourceArn: pulumi.Input<string>;
}): aws.types.input.iam.GetPolicyDocumentStatementArgs {
  return {
    effect: "Allow",
    principals: [{ type: "Service", identifiers: [options.service] }],
    actions: options.actions,
    resources: options.resources,
    conditions: [{ test: "ArnEquals", variable: "aws:SourceArn", values: [options.sourceArn] }],
  };
}
