import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { cachedGraph } from "./cached-graph.ts";
import { deployedPage } from "./deployed-page.ts";
import { evaluateGraph } from "./evaluate.ts";
import { localGraph, symbolic } from "./local-graph.ts";
import { awsWorld, type Resource } from "./resource.ts";

/**
 * `npm run graph -- --stack dev [--json]`: what the Pulumi programs declare for a stack.
 * `--diagram FILE` draws it into a page; with `--check` it only says whether the page is as it would be drawn.
 */

const SECRET_KEYS = new Set(["secretString", "privateKeyPem"]);

const { values } = parseArgs({
  options: {
    stack: { type: "string", default: "dev" },
    json: { type: "boolean", default: false },
    diagram: { type: "string" },
    check: { type: "boolean", default: false },
  },
});
try {
  const graph = await graphOf(values.stack, values.diagram !== undefined);
  if (values.diagram !== undefined) draw(graph, values.diagram);
  else {
    process.stdout.write(
      values.json ? `${JSON.stringify(graph, withoutSecrets, 2)}\n` : table(graph),
    );
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

/** The local stack's addresses come with its boot; here symbols stand for them. */
function graphOf(stack: string, cached: boolean): Promise<Resource[]> {
  if (stack === "local") return localGraph(awsWorld, symbolic);
  const evaluation = { stack, config: {}, world: awsWorld };
  return cached ? cachedGraph(evaluation) : evaluateGraph(evaluation);
}

function draw(graph: Resource[], file: string): void {
  const page = deployedPage(graph, values.stack);
  if (!values.check) {
    writeFileSync(file, page);
    return;
  }
  if (existsSync(file) && readFileSync(file, "utf8") === page) return;
  throw new Error(
    `${file} is not what the programs declare: npm run graph -- --stack ${values.stack} --diagram ${file}`,
  );
}

function withoutSecrets(key: string, value: unknown): unknown {
  return SECRET_KEYS.has(key) ? "[secret]" : value;
}

function table(graph: Resource[]): string {
  const width = Math.max(...graph.map((resource) => resource.type.length));
  let program = "";
  const lines = graph.flatMap((resource) => {
    const heading = resource.program === program ? [] : ["", resource.program];
    program = resource.program;
    return [...heading, `  ${resource.type.padEnd(width)}  ${resource.name}`];
  });
  return `${lines.join("\n").trimStart()}\n\n${graph.length} resources\n`;
}
