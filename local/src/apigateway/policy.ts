export type PolicyVerdict = "allow" | "explicit-deny" | "implicit-deny";

interface Statement {
  effect: "Allow" | "Deny";
  actions: RegExp[];
  resources: RegExp[];
}

/** A policy that an authorizer returned, ready to be asked about method ARNs. */
export type CompiledPolicy = (methodArn: string) => PolicyVerdict;

const ACTION = "execute-api:Invoke";

/**
 * Compiles an authorizer's policy document. `*` stands for any characters, slashes too, and `?` for one.
 *
 * @returns undefined when the document is malformed, or says something that is not evaluated here (NotAction,
 *   NotResource, Condition), which must never be read as if it were not there
 */
export function compilePolicy(document: unknown): CompiledPolicy | undefined {
  if (typeof document !== "object" || document === null) return undefined;
  const raw = (document as { Statement?: unknown }).Statement;
  const list = Array.isArray(raw) ? raw : [raw];
  const statements: Statement[] = [];
  for (const entry of list) {
    const statement = compileStatement(entry);
    if (!statement) return undefined;
    statements.push(statement);
  }
  return (methodArn) => {
    const applying = statements.filter(
      ({ actions, resources }) =>
        actions.some((action) => action.test(ACTION)) &&
        resources.some((resource) => resource.test(methodArn)),
    );
    if (applying.some(({ effect }) => effect === "Deny")) return "explicit-deny";
    return applying.length > 0 ? "allow" : "implicit-deny";
  };
}

function compileStatement(entry: unknown): Statement | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const { Sid: _sid, Effect, Action, Resource, ...others } = entry as Record<string, unknown>;
  if (Object.keys(others).length > 0 || (Effect !== "Allow" && Effect !== "Deny")) return undefined;
  const actions = wildcards(Action, "i");
  const resources = wildcards(Resource, "");
  return actions && resources && { effect: Effect, actions, resources };
}

function wildcards(value: unknown, flags: string): RegExp[] | undefined {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const compiled: RegExp[] = [];
  for (const pattern of list) {
    if (typeof pattern !== "string") return undefined;
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    compiled.push(new RegExp(`^${source}$`, `s${flags}`));
  }
  return compiled;
}
