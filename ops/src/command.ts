import type { ParseArgsOptionsConfig } from "node:util";
import type { Api } from "./api.ts";
import type { ExitCode } from "./failure.ts";
import type { Screen } from "./screen.ts";

/** An option of a command, as parseArgs takes it, with what it is for. */
export type Option = ParseArgsOptionsConfig[string] & {
  /** What stands for its value in the help, such as `ISO`. */
  value?: string;
  help: string;
};

/** What a command works with. */
export interface Session {
  /** The system's front door, as an administrator or an operator. */
  api: Api;
  screen: Screen;
  /** One document of JSON on stdout instead of words. */
  json: boolean;
}

/** What was given on the command line. */
export interface Given {
  /** What is no option, in order. */
  words: string[];
  options: Record<string, string | boolean | undefined>;
}

export interface Command {
  name: string;
  /** One line. */
  summary: string;
  /** The words it takes, such as `ID`; in brackets when it can do without. */
  words?: string[];
  options?: Record<string, Option>;
  /** What one would type after `npm run ops --`. */
  examples: string[];
  /** @throws Failure when it can't do what was asked */
  run(given: Given, session: Session): Promise<ExitCode>;
}
