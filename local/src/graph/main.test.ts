import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("main.ts", import.meta.url));

it("the local stack's graph can be shown although nothing has booted: symbols stand for its addresses", async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", PROGRAM, "--stack", "local", "--json"],
    { maxBuffer: 64 * 1_048_576 },
  );
  const graph = JSON.parse(stdout) as { type: string; inputs: Record<string, unknown> }[];
  const api = graph.find(({ type }) => type === "aws:apigateway/restApi:RestApi");
  expect(String(api?.inputs.body)).toContain("http://front.invalid");
  // Far above what it takes: an evaluation is a process that loads Pulumi.
}, 240_000);
