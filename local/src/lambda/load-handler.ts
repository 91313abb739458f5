import { pathToFileURL } from "node:url";
import type { FunctionSpec } from "./spec.ts";

export type LambdaHandler = (event: unknown, context: unknown) => unknown;

/**
 * Imports a function's module and returns its handler.
 *
 * @throws Error in one sentence when the module does not load, the export is missing or it wants a callback
 */
export async function loadHandler(spec: FunctionSpec): Promise<LambdaHandler> {
  let module: Record<string, unknown>;
  try {
    module = (await import(pathToFileURL(spec.entry).href)) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`Function ${spec.name}: its module ${spec.entry} does not load: ${error}`, {
      cause: error,
    });
  }
  const handler = module[spec.handler];
  if (typeof handler !== "function") {
    throw new Error(`Function ${spec.name}: ${spec.entry} exports no function ${spec.handler}.`);
  }
  // The runtime nodejs24.x refuses handlers that take a callback.
  if (handler.length > 2) {
    throw new Error(
      `Function ${spec.name}: ${spec.handler} takes a callback, which the Node.js 24 runtime of Lambda does not support.`,
    );
  }
  return handler as LambdaHandler;
}
