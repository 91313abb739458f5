import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { callFunction, newResource } from "./attributes.ts";
import type { Evaluation } from "./evaluate.ts";
import { refuseUndefined } from "./refuse-undefined.ts";
import { type Program, programs, type Resource } from "./resource.ts";

/**
 * Evaluates the Pulumi programs without the Pulumi CLI and prints what they declare. A process of
 * its own: Pulumi's mocks are global, and its modules are large and needed only once.
 */

/** Pulumi's mark of a secret; its value is beside it (pulumi/pulumi, sdk/nodejs/runtime/rpc.ts). */
const SECRET_MARK = "4dabf18193072939515e22adb298388d";

const infra = new URL("../../../infra/", import.meta.url);
// Pulumi takes a stack trace for every promise it makes, which costs a fifth of all the time here.
Error.stackTraceLimit = 4;
const request = JSON.parse(process.argv[2] ?? "{}") as Evaluation;
const resources: Resource[] = [];
let platform: Record<string, unknown> = {};

for (const program of programs) {
  const outputs = await evaluate(program);
  if (program === "platform") platform = outputs;
}
process.stdout.write(JSON.stringify(resources));

async function evaluate(program: Program): Promise<Record<string, unknown>> {
  pulumi.runtime.setAllConfig({ ...(await stackConfig(program)), ...request.config });
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        if (args.type === "pulumi:pulumi:StackReference") {
          const name = String(args.inputs.name);
          return { id: name, state: { name, outputs: platform, secretOutputNames: [] } };
        }
        const inputs = plain(args.inputs) as Record<string, unknown>;
        const { id, state } = newResource({ ...args, inputs }, request.world);
        const resource = { program, type: args.type, name: args.name, inputs, outputs: state };
        refuseUndefined(resource);
        resources.push(resource);
        return { id, state: { ...state, ...args.inputs } };
      },
      call: (args) => callFunction(args.token, args.inputs, request.world),
    },
    `shoebox-${program}`,
    request.stack,
    false,
    "organization",
  );
  const module: Record<string, unknown> = await import(new URL(`${program}/index.ts`, infra).href);
  const outputs = await resolved({ ...module });
  await pulumi.runtime.disconnect();
  return outputs;
}

function resolved(outputs: Record<string, unknown>): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    pulumi.output(outputs).apply((value) => resolve(value as Record<string, unknown>));
  });
}

async function stackConfig(program: Program): Promise<Record<string, string>> {
  const file = new URL(`${program}/Pulumi.${request.stack}.yaml`, infra);
  const text = await readFile(file, "utf8").catch(() => {
    throw new Error(`There is no stack file ${fileURLToPath(file)}.`);
  });
  const { config } = parse(text) as { config?: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config ?? {}).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** Archives come as objects around promises; what is in them is the business of `pulumi up`. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  if (SECRET_MARK in value && "value" in value) return plain(value.value);
  if (pulumi.asset.Archive.isInstance(value)) return "(archive)";
  if (pulumi.asset.Asset.isInstance(value)) return "(file)";
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
