import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { ExitCode, Failure } from "./failure.ts";

/** What was said on the command line, by the options' names. */
export type Options = Record<string, string | boolean | undefined>;

/** What a client of the SDK is made of. */
export interface AwsAccess {
  region?: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/** The option of commands that look for resources by name. */
export const envOption = {
  env: { type: "string", value: "NAME", help: "the environment, such as prod (local: local)" },
} as const;

/**
 * The environment's name, which all its resources begin with: `shoebox-<env>-`.
 *
 * @throws Failure when it is not named
 */
export function envOf({ local }: { local: boolean }, { options }: { options: Options }): string {
  if (typeof options.env === "string" && options.env !== "") return options.env;
  if (local) return "local";
  throw new Failure("Name the environment with --env, such as --env prod.", ExitCode.misuse);
}

/**
 * How a service of AWS is reached: by the machine's own settings, or by what a local cloud wrote down. A
 * front door on this machine has its AWS on this machine, too: nothing else is asked then, whatever the
 * shell's profile says.
 *
 * @throws Failure when the local cloud's file is not there
 */
export function awsOf(
  service: "SQS",
  { local }: { local: boolean },
  { options }: { options: Options },
): AwsAccess {
  const text = (name: string) => {
    const value = options[name];
    return typeof value === "string" ? value : undefined;
  };
  if (!local) return { region: text("region") };
  const file = text("aws-env") ?? ".shoebox/aws.env";
  if (!existsSync(file)) {
    throw new Failure(
      `${file} is not there: start Shoebox with npm start, or name its data folder's with --aws-env.`,
      ExitCode.noAccess,
    );
  }
  const known = parseEnv(readFileSync(file, "utf8"));
  return {
    region: known.AWS_REGION,
    endpoint: known[`AWS_ENDPOINT_URL_${service}`],
    credentials: {
      accessKeyId: known.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: known.AWS_SECRET_ACCESS_KEY ?? "",
    },
  };
}

/** What the SDK throws when it finds no credentials or no region, in our words; undefined for anything else. */
export function awsFailure(error: Error): Failure | undefined {
  if (error.name === "CredentialsProviderError") {
    return new Failure(
      "There are no AWS credentials: sign in (such as with aws sso login) or name a profile in AWS_PROFILE.",
      ExitCode.noAccess,
    );
  }
  if (error.message.includes("Region is missing")) {
    return new Failure(
      "AWS needs a region: give it with --region, or in AWS_REGION.",
      ExitCode.misuse,
    );
  }
  return undefined;
}
