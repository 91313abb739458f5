import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Resource, World } from "./resource.ts";

export interface Evaluation {
  /** Which `Pulumi.<stack>.yaml` files are read. */
  stack: string;
  /** Configuration on top of the stack files, by its full key (`shoebox-platform:webOrigins`). */
  config: Record<string, string>;
  world: World;
}

const MAX_GRAPH_BYTES = 64 * 1024 * 1024;

/**
 * The resources that the Pulumi programs declare for a stack, all inputs resolved. Rejects with the
 * program's own error; about a second, nearly all of it loading Pulumi.
 */
export function evaluateGraph(evaluation: Evaluation): Promise<Resource[]> {
  const script = fileURLToPath(new URL("./evaluate-process.ts", import.meta.url));
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", script, JSON.stringify(evaluation)],
      { maxBuffer: MAX_GRAPH_BYTES },
      (error, stdout, stderr) => {
        if (error)
          reject(
            new Error(`The Pulumi programs can't be evaluated: ${stderr.trim() || error.message}`),
          );
        else resolve(JSON.parse(stdout) as Resource[]);
      },
    );
  });
}
