import { parseArgs } from "node:util";
import { evaluateGraph } from "./evaluate.ts";
import { awsWorld, type Resource } from "./resource.ts";

/** `npm run graph -- --stack dev [--json]`: what the Pulumi programs declare for a stack. */

const SECRET_KEYS = new Set(["secretString", "privateKeyPem"]);

const { values } = parseArgs({
  options: { stack: { type: "string", default: "dev" }, json: { type: "boolean", default: false } },
});
try {
  const graph = await evaluateGraph({ stack: values.stack, config: {}, world: awsWorld });
  process.stdout.write(
    values.json ? `${JSON.stringify(graph, withoutSecrets, 2)}\n` : table(graph),
  );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
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
