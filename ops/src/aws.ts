import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import type { Api } from "./api.ts";
import type { Given, Option } from "./command.ts";
import { ExitCode, Failure } from "./failure.ts";

/** How an environment's AWS is reached: the machine's own settings, or what a local cloud wrote down. */
export interface Aws {
  /** The environment's name, which all its resources begin with: `shoebox-<env>-`. */
  env: string;
  /** What a client of the SDK is made of. */
  client(service: "SQS" | "DYNAMODB"): {
    region?: string;
    endpoint?: string;
    credentials?: { accessKeyId: string; secretAccessKey: string };
  };
}

/** The options of commands that talk to AWS itself. */
export const awsOptions: Record<string, Option> = {
  env: { type: "string", value: "NAME", help: "the environment, such as prod (local: local)" },
  region: { type: "string", value: "REGION", help: "of AWS (default: as AWS's own tools)" },
  "aws-env": {
    type: "string",
    value: "FILE",
    help: "of a local cloud: the file in its data folder (default: .shoebox/aws.env)",
  },
};

/**
 * A front door on this machine has its AWS on this machine, too: nothing else is asked then, whatever
 * the shell's profile says.
 *
 * @throws Failure when the environment is not named, or the local cloud's file is not there
 */
export function awsOf(api: Pick<Api, "local">, { options }: Pick<Given, "options">): Aws {
  const text = (name: string) => {
    const value = options[name];
    return typeof value === "string" ? value : undefined;
  };
  if (!api.local) {
    const env = text("env");
    if (!env) throw new Failure("Name the environment with --env, such as --env prod.", 2);
    return { env, client: () => ({ region: text("region") }) };
  }
  const file = text("aws-env") ?? ".shoebox/aws.env";
  if (!existsSync(file)) {
    throw new Failure(
      `${file} is not there: start Shoebox with npm start, or name its data folder's with --aws-env.`,
      ExitCode.noAccess,
    );
  }
  const known = parseEnv(readFileSync(file, "utf8"));
  return {
    env: text("env") ?? "local",
    client: (service) => ({
      region: known.AWS_REGION,
      endpoint: known[`AWS_ENDPOINT_URL_${service}`],
      credentials: {
        accessKeyId: known.AWS_ACCESS_KEY_ID ?? "",
        secretAccessKey: known.AWS_SECRET_ACCESS_KEY ?? "",
      },
    }),
  };
}
