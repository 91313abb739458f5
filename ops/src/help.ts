import type { Command, Option } from "./command.ts";

/** What every command takes. */
export const common = {
  url: {
    type: "string",
    value: "URL",
    help: "the front door (default SHOEBOX_URL, or http://127.0.0.1:7070)",
  },
  token: {
    type: "string",
    value: "JWT",
    help: "of an administrator (default SHOEBOX_TOKEN); without one, your AWS credentials",
  },
  region: { type: "string", value: "REGION", help: "of AWS (default: as AWS's own tools)" },
  "aws-env": {
    type: "string",
    value: "FILE",
    help: "of a local cloud: the file in its data folder (default .shoebox/aws.env)",
  },
  json: { type: "boolean", help: "JSON instead of words" },
  help: { type: "boolean", help: "this text" },
} satisfies Record<string, Option>;

const EXIT_CODES = [
  "Exit code: 0 done and well; 1 not done, or what was looked at is not well;",
  "2 the command is not understood; 3 no access.",
];

/** The help of the tool itself. */
export function overview(commands: Command[]): string {
  return [
    "Usage: npm run ops -- COMMAND [options]",
    "",
    ...columns(commands.map((command) => [calling(command), command.summary])),
    "",
    "Options of all commands:",
    ...optionLines(common),
    "",
    "npm run ops -- COMMAND --help says more of one, with examples.",
    ...EXIT_CODES,
  ].join("\n");
}

/** The help of one command. */
export function helpOf(command: Command): string {
  return [
    `Usage: npm run ops -- ${calling(command)} [options]`,
    "",
    `  ${command.summary}`,
    "",
    ...optionLines({ ...command.options, ...common }),
    "",
    "Examples:",
    ...command.examples.map((example) => `  npm run ops -- ${example}`),
    "",
    ...EXIT_CODES,
  ].join("\n");
}

function calling({ name, words = [] }: Command): string {
  return [name, ...words].join(" ");
}

function optionLines(options: Record<string, Option>): string[] {
  const rows = Object.entries(options).map(([name, { value, help }]): [string, string] => [
    value ? `--${name} ${value}` : `--${name}`,
    help,
  ]);
  return columns(rows);
}

function columns(rows: [string, string][]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
