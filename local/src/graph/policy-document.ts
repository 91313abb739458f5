/** The statements of `aws.iam.getPolicyDocument`, as Pulumi names their fields. */
interface Statement {
  sid?: string;
  effect?: string;
  actions?: string[];
  resources?: string[];
  principals?: { type: string; identifiers: string[] }[];
  conditions?: { test: string; variable: string; values: string[] }[];
}

/** An IAM policy document in IAM's own JSON. */
export function policyDocument(inputs: Record<string, unknown>): string {
  const statements = (inputs.statements ?? []) as Statement[];
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({
      ...(statement.sid && { Sid: statement.sid }),
      Effect: statement.effect ?? "Allow",
      ...(statement.principals && { Principal: principals(statement.principals) }),
      Action: statement.actions ?? [],
      Resource: statement.resources ?? [],
      ...(statement.conditions && { Condition: conditions(statement.conditions) }),
    })),
  });
}

function principals(list: NonNullable<Statement["principals"]>): unknown {
  const [only] = list;
  if (only?.type === "*") return "*";
  return Object.fromEntries(list.map((principal) => [principal.type, principal.identifiers]));
}

function conditions(list: NonNullable<Statement["conditions"]>): unknown {
  const result: Record<string, Record<string, string[]>> = {};
  for (const { test, variable, values } of list) {
    result[test] = { ...result[test], [variable]: values };
  }
  return result;
}
