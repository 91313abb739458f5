import { once } from "node:events";
import type { Writable } from "node:stream";

/** Where a command says what it has to say: results to stdout, everything else to stderr. */
export interface Output {
  readonly json: boolean;
  /** A result: one line of JSON with `--json`, and of text without. */
  item(value: unknown, line: string): Promise<void>;
  /** What is for people alone; with `--json` it is not said. */
  note(line: string): void;
}

export function createOutput(json: boolean, stdout: Writable, stderr: Writable): Output {
  return {
    json,
    item: async (value, line) => {
      const text = json ? JSON.stringify(value) : line;
      if (!stdout.write(`${text}\n`)) await once(stdout, "drain");
    },
    note: (line) => {
      if (!json) stderr.write(`${line}\n`);
    },
  };
}
