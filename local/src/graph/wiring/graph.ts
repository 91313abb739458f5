import type { Resource } from "../resource.ts";

interface Statement {
  Effect: string;
  Principal?: { Service?: string[] };
  Action: string[];
  Resource: string[];
  Condition?: { ArnEquals?: { "aws:SourceArn"?: string[] } };
}

/** The resources with the questions that the rules ask of them. */
export class Graph {
  readonly all: Resource[];

  constructor(all: Resource[]) {
    this.all = all;
  }

  ofType(type: string): Resource[] {
    return this.all.filter((resource) => resource.type === type);
  }

  mappings(): Resource[] {
    return this.ofType("aws:lambda/eventSourceMapping:EventSourceMapping");
  }

  functionByArn(arn: unknown): Resource | undefined {
    return this.ofType("aws:lambda/function:Function").find((fn) => fn.outputs.arn === arn);
  }

  byArn(arn: unknown): Resource | undefined {
    return this.all.find((resource) => resource.outputs.arn === arn);
  }

  /** Whether a resource policy lets a service do something to a resource on behalf of a source. */
  mayDo(service: string, action: string, resourceArn: unknown, sourceArn: unknown): boolean {
    return this.all
      .filter((r) => /(queuePolicy:QueuePolicy|bucketPolicy:BucketPolicy)$/.test(r.type))
      .flatMap((r) => statements(r.inputs.policy))
      .some(
        (statement) =>
          statement.Effect === "Allow" &&
          statement.Principal?.Service?.includes(service) &&
          statement.Action.includes(action) &&
          statement.Resource.includes(String(resourceArn)) &&
          statement.Condition?.ArnEquals?.["aws:SourceArn"]?.includes(String(sourceArn)),
      );
  }

  roleAllows(fn: Resource, action: string, resourceArn: string): boolean {
    return this.statementsOf(fn).some(
      (statement) =>
        statement.Effect === "Allow" &&
        statement.Action.includes(action) &&
        statement.Resource.includes(resourceArn),
    );
  }

  /** What the policies of a function's role say. */
  statementsOf(fn: Resource): Statement[] {
    const role = this.ofType("aws:iam/role:Role").find((r) => r.outputs.arn === fn.inputs.role);
    return this.ofType("aws:iam/rolePolicy:RolePolicy")
      .filter((policy) => role && policy.inputs.role === role.inputs.name)
      .flatMap((policy) => statements(policy.inputs.policy));
  }
}

function statements(policy: unknown): Statement[] {
  return (JSON.parse(String(policy)) as { Statement: Statement[] }).Statement;
}

/** Where a finding is: program, type and name of a resource. */
export function at(resource: Resource): string {
  return `${resource.program} ${resource.type.split(":").at(-1)} ${resource.name}`;
}
