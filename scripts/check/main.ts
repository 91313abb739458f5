import { spawnSync } from "node:child_process";
import { styleText } from "node:util";

/**
 * `npm run check`: what the code is held to besides its tests. The steps run in order and the first one that fails
 * ends it with its whole output.
 */

interface Step {
  name: string;
  /** Arguments for Node; several runs make one step. */
  runs: string[][];
}

const tool = (path: string) => `node_modules/${path}`;
const CACHE = "node_modules/.cache/shoebox";

const steps: Step[] = [
  {
    name: "types",
    runs: [
      "tsconfig.json",
      "scripts/tsconfig.json",
      "clients/tsconfig.json",
      "web/tsconfig.json",
    ].map((project) => [
      tool("typescript/bin/tsc"),
      ...["--project", project, "--incremental"],
      ...["--tsBuildInfoFile", `${CACHE}/${project.replaceAll("/", "-")}.tsbuildinfo`],
    ]),
  },
  {
    name: "lint and format",
    runs: [[tool("@biomejs/biome/bin/biome"), "check", "--error-on-warnings"]],
  },
  {
    name: "module boundaries",
    runs: [
      [
        tool("dependency-cruiser/bin/dependency-cruiser.mjs"),
        ...["--config", "scripts/check/boundaries.config.mjs"],
        ...[
          "shared",
          "services",
          "infra",
          "local",
          "sim",
          "ops",
          "e2e",
          "bench",
          "scripts",
          "clients",
          "web",
        ],
      ],
    ],
  },
  {
    name: "dead code",
    runs: [
      [tool("knip/bin/knip.js"), "--config", "scripts/check/dead-code.config.ts", "--no-progress"],
    ],
  },
  {
    name: "generated code",
    runs: [["clients/typescript/generate.ts", "--check"]],
  },
  {
    name: "the page of what is deployed",
    runs: [
      [
        "local/src/graph/main.ts",
        ...["--stack", "prod", "--diagram", "docs/deployed.md", "--check"],
      ],
    ],
  },
  {
    name: "text",
    runs: [["scripts/check/text.ts"]],
  },
];

const started = performance.now();
for (const [index, step] of steps.entries()) {
  const before = performance.now();
  const output = firstFailure(step);
  const seconds = `${((performance.now() - before) / 1000).toFixed(1)} s`;
  if (output === undefined) {
    say(`${styleText("green", "✓")} ${step.name} ${styleText("dim", seconds)}`);
    continue;
  }
  say(`${output}\n`);
  say(`${styleText("red", "✗")} ${step.name} ${styleText("dim", seconds)}`);
  const rest = steps.slice(index + 1).map(({ name }) => name);
  if (rest.length > 0) say(styleText("dim", `not run: ${rest.join(", ")}`));
  process.exit(1);
}
say(styleText("dim", `all of it in ${((performance.now() - started) / 1000).toFixed(1)} s`));

/** What the first failing run of a step has to say, or undefined when all went well. */
function firstFailure(step: Step): string | undefined {
  for (const args of step.runs) {
    const run = spawnSync(process.execPath, args, {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    if (run.error) throw run.error;
    if (run.status !== 0) return `${run.stdout}${run.stderr}`.trimEnd();
  }
  return undefined;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
