import { isStandardQueue } from "./arns.ts";
import { notSupported, validation } from "./errors.ts";
import {
  allowOnly,
  isParameters,
  optionalInteger,
  optionalText,
  type Parameters,
  requiredName,
  requiredText,
} from "./parameters.ts";
import type { Target } from "./target.ts";
import { checkTransformer, parsePath } from "./target-input.ts";

const MEMBERS = [
  "Id",
  "Arn",
  "Input",
  "InputPath",
  "InputTransformer",
  "RetryPolicy",
  "DeadLetterConfig",
];

function member(input: Parameters, name: string): Parameters | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!isParameters(value)) throw validation(`Parameter ${name} must be a structure.`);
  return value;
}

function parseTransformer(input: Parameters | undefined): Target["InputTransformer"] {
  if (input === undefined) return undefined;
  allowOnly(input, ["InputPathsMap", "InputTemplate"], "InputTransformer");
  const InputTemplate = requiredText(input, "InputTemplate", 8192);
  const map = member(input, "InputPathsMap");
  const InputPathsMap: Record<string, string> = {};
  for (const name of Object.keys(map ?? {})) {
    InputPathsMap[name] = requiredText(map ?? {}, name, 256);
  }
  checkTransformer(InputPathsMap, InputTemplate);
  return { InputTemplate, ...(map === undefined ? {} : { InputPathsMap }) };
}

function parseRetryPolicy(input: Parameters | undefined): Target["RetryPolicy"] {
  if (input === undefined) return undefined;
  allowOnly(input, ["MaximumRetryAttempts", "MaximumEventAgeInSeconds"], "RetryPolicy");
  return {
    MaximumRetryAttempts: optionalInteger(input, "MaximumRetryAttempts", 0, 185),
    MaximumEventAgeInSeconds: optionalInteger(input, "MaximumEventAgeInSeconds", 60, 86_400),
  };
}

function parseDeadLetterConfig(input: Parameters | undefined): Target["DeadLetterConfig"] {
  if (input === undefined) return undefined;
  allowOnly(input, ["Arn"], "DeadLetterConfig");
  const Arn = optionalText(input, "Arn");
  if (Arn !== undefined && !isStandardQueue(Arn)) {
    throw validation(
      `Parameter DeadLetterConfig.Arn is not valid. Reason: ${Arn} is not the ARN of a standard SQS queue.`,
    );
  }
  return { Arn };
}

function checkInput(target: Target): void {
  const { Input, InputPath, InputTransformer } = target;
  if ([Input, InputPath, InputTransformer].filter((each) => each !== undefined).length > 1) {
    throw validation(
      `Only one of Input, InputPath, or InputTransformer must be provided for target ${target.Id}.`,
    );
  }
  if (InputPath !== undefined) parsePath(InputPath);
  if (Input === undefined) return;
  try {
    JSON.parse(Input);
  } catch {
    throw validation(`JSON syntax error in input for target ${target.Id}.`);
  }
}

/** Reads and checks one element of PutTargets' `Targets`. Only standard SQS queues are targets here. */
export function parseTarget(input: unknown): Target {
  if (!isParameters(input)) throw validation("Parameter Targets must be a list of targets.");
  allowOnly(input, MEMBERS, "a target");
  const Arn = requiredText(input, "Arn");
  if (!isStandardQueue(Arn)) {
    throw notSupported(`the target ${Arn}: its targets are standard SQS queues`);
  }
  const target: Target = {
    Id: requiredName(input, "Id", 64),
    Arn,
    Input: optionalText(input, "Input", 8192),
    InputPath: optionalText(input, "InputPath", 256),
    InputTransformer: parseTransformer(member(input, "InputTransformer")),
    RetryPolicy: parseRetryPolicy(member(input, "RetryPolicy")),
    DeadLetterConfig: parseDeadLetterConfig(member(input, "DeadLetterConfig")),
  };
  checkInput(target);
  return target;
}
