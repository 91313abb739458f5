import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { FunctionSpec, ServiceSpec } from "@shoebox/local/lambda/spec";

/** A function as the running system runs it: where its code is, and its whole environment. */
export interface Deployed {
  entry: string;
  environment: Record<string, string>;
}

/** One user is all the load of a benchmark: his limit would be what is measured. Leases are taken all the same. */
const UNLIMITED = { RATE_LIMIT: "100000", RATE_BURST: "200000" };

/** Looks a function up in what the running system was told by the Pulumi programs. */
export function deployed(dataFolder: string, service: string, name: string): Deployed {
  const spec = JSON.parse(
    readFileSync(join(dataFolder, "lambda", `${service}.json`), "utf8"),
  ) as ServiceSpec;
  const found = spec.functions.find((fn: FunctionSpec) => fn.name.endsWith(`-${service}-${name}`));
  if (!found) throw new Error(`The ${service} service has no function ${name}.`);
  return {
    entry: found.entry,
    environment: { ...awsEnvironment(dataFolder), ...found.environment, ...UNLIMITED },
  };
}

/** How the AWS SDK finds the running system. */
function awsEnvironment(dataFolder: string): Record<string, string> {
  return parseEnv(readFileSync(join(dataFolder, "aws.env"), "utf8")) as Record<string, string>;
}

/** Makes this process that function: sets its environment and loads it. Once per process. */
export async function become<Event, Answer>(
  fn: Deployed,
): Promise<(event: Event) => Promise<Answer>> {
  Object.assign(process.env, fn.environment);
  const { handler } = (await import(fn.entry)) as {
    handler: (event: Event, context: object) => Promise<Answer>;
  };
  return (event) => handler(event, {});
}
