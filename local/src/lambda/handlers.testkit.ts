import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino, { type Logger } from "pino";
import type { Invoke, InvokeResult } from "./runtime.ts";
import type { FunctionSpec } from "./spec.ts";

export const REGION = "us-east-1";
export const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/** A directory for one test file; `remove` at its end. */
export function temporaryDirectory(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "lambda-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Writes a handler module and returns a function of it. */
export function functionOf(
  dir: string,
  source: string,
  changes: Partial<FunctionSpec> = {},
): FunctionSpec {
  const name = changes.name ?? "fn";
  const entry = join(dir, `${name}.mjs`);
  writeFileSync(entry, source);
  return functionSpec({ entry, ...changes });
}

export function functionSpec(changes: Partial<FunctionSpec> = {}): FunctionSpec {
  const name = changes.name ?? "fn";
  return {
    name,
    arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    entry: "/nowhere.mjs",
    handler: "handler",
    environment: {},
    timeoutSeconds: 3,
    memoryMb: 256,
    ...changes,
  };
}

/** A logger that keeps its lines. */
export function keepingLogger(): { log: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const log = pino(
    { base: null },
    { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  return { log, lines };
}

/** Lets a plain function be what is invoked; what it throws is a function error. */
export function invokeOf(handler: (event: unknown) => unknown): Invoke {
  return async (_name, event): Promise<InvokeResult> => {
    try {
      const answer = JSON.stringify((await handler(JSON.parse(JSON.stringify(event)))) ?? null);
      return { outcome: "success", requestId: "request", payload: JSON.parse(answer) };
    } catch (thrown) {
      const error = { errorType: "Error", errorMessage: String(thrown), trace: [] };
      return { outcome: "function-error", requestId: "request", error };
    }
  };
}
