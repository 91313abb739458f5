import { parseArgs } from "node:util";
import type { Command, Given } from "./command.ts";
import { ExitCode, Failure } from "./failure.ts";
import { common, helpOf, overview } from "./help.ts";

/** What the command line asks for: a text, or a command with what it was given. */
export type Asked =
  | { kind: "help"; text: string }
  | {
      kind: "run";
      command: Command;
      given: Given;
      url: string;
      token: string | undefined;
      json: boolean;
    };

/**
 * Understands a command line.
 *
 * @param env for SHOEBOX_URL and SHOEBOX_TOKEN
 * @throws Failure when it can't be understood
 */
export function understand(
  args: string[],
  commands: Command[],
  env: Record<string, string | undefined>,
): Asked {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "help") {
    return { kind: "help", text: overview(commands) };
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    const known = commands.map((candidate) => candidate.name).join(", ");
    throw misuse(`There is no command ${name}: there are ${known}.`);
  }
  const { values, positionals } = parse(command, rest);
  if (values.help === true) return { kind: "help", text: helpOf(command) };
  refuseWords(command, positionals);
  return {
    kind: "run",
    command,
    given: { words: positionals, options: values },
    url: string(values.url) ?? env.SHOEBOX_URL ?? "http://127.0.0.1:7070",
    token: string(values.token) ?? env.SHOEBOX_TOKEN,
    json: values.json === true,
  };
}

function parse(command: Command, args: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { ...command.options, ...common },
      allowPositionals: true,
    });
    return { values: values as Given["options"], positionals };
  } catch (error) {
    // parseArgs explains itself in two sentences; the first one says it.
    const [reason] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw misuse(`${reason}; npm run ops -- ${command.name} --help says what it takes.`);
  }
}

function refuseWords({ name, words = [] }: Command, given: string[]): void {
  const needed = words.filter((word) => !word.startsWith("["));
  const missing = needed[given.length];
  if (missing) throw misuse(`${name} needs ${missing}: npm run ops -- ${name} ${words.join(" ")}.`);
  const extra = given[words.length];
  if (extra !== undefined) throw misuse(`${name} does not know what to do with ${extra}.`);
}

function string(value: string | boolean | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function misuse(sentence: string): Failure {
  return new Failure(sentence, ExitCode.misuse);
}
