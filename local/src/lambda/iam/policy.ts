/** A statement of a role's policy, as IAM writes it. Only what allows: our programs deny nothing to their own roles. */
export interface Statement {
  Action: string[];
  Resource: string[];
}

/** One thing that a call does: the action and the ARN that IAM decides about. */
export interface Right {
  action: string;
  resource: string;
}

/** Whether the statements allow it. `*` stands for any characters, as in IAM; `?` is not used by our programs. */
export function allows(statements: Statement[], { action, resource }: Right): boolean {
  return statements.some(
    (statement) =>
      statement.Action.some((pattern) => matches(pattern, action)) &&
      statement.Resource.some((pattern) => matches(pattern, resource)),
  );
}

function matches(pattern: string, text: string): boolean {
  if (!pattern.includes("*")) return pattern === text;
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}
