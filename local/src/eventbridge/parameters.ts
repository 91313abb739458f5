import { notSupported, validation } from "./errors.ts";

export type Parameters = Record<string, unknown>;

export function isParameters(value: unknown): value is Parameters {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Refuses every member that the caller would otherwise believe to be honoured. */
export function allowOnly(input: Parameters, allowed: readonly string[], where: string): void {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && value !== null && !allowed.includes(name)) {
      throw notSupported(`the member ${name} of ${where}`);
    }
  }
}

export function optionalText(input: Parameters, name: string, maximum = 1600): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw validation(`Parameter ${name} must be a string.`);
  if (value.length > maximum) {
    throw validation(`Parameter ${name} must have length less than or equal to ${maximum}.`);
  }
  return value;
}

export function requiredText(input: Parameters, name: string, maximum = 1600): string {
  const value = optionalText(input, name, maximum);
  if (value === undefined || value === "") {
    throw validation(`Parameter ${name} is required and must not be empty.`);
  }
  return value;
}

/** The name of a rule, target, archive or replay: letters, digits, `.`, `-` and `_`, as the API reference has it. */
export function requiredName(input: Parameters, name: string, maximum: number): string {
  const value = requiredText(input, name, maximum);
  if (!/^[.\-_A-Za-z0-9]+$/.test(value)) {
    throw validation(`Parameter ${name} must satisfy the pattern [\\.\\-_A-Za-z0-9]+.`);
  }
  return value;
}

export function optionalInteger(
  input: Parameters,
  name: string,
  minimum: number,
  maximum: number,
): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value) || value < minimum || value > maximum) {
    throw validation(`Parameter ${name} must be an integer from ${minimum} to ${maximum}.`);
  }
  return value;
}

export function optionalList(input: Parameters, name: string): unknown[] | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw validation(`Parameter ${name} must be a list.`);
  return value;
}

export function textList(input: Parameters, name: string): string[] | undefined {
  return optionalList(input, name)?.map((each) => {
    if (typeof each !== "string") throw validation(`Parameter ${name} must be a list of strings.`);
    return each;
  });
}

/** A timestamp of AWS JSON 1.1 (seconds since 1970, with fractions) as milliseconds. */
export function optionalTime(input: Parameters, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isFinite(value) || Math.abs(value) > 8.64e12) {
    throw validation(`Parameter ${name} must be a timestamp in seconds.`);
  }
  return Math.round(value * 1000);
}

export function requiredTime(input: Parameters, name: string): number {
  const value = optionalTime(input, name);
  if (value === undefined) throw validation(`Parameter ${name} is required.`);
  return value;
}

/** Milliseconds as a timestamp of AWS JSON 1.1. */
export function toTimestamp(milliseconds: number | null): number | undefined {
  return milliseconds === null ? undefined : milliseconds / 1000;
}
