import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { ConcurrencyGate } from "./concurrency-gate.ts";
import { type FunctionError, toFunctionError } from "./function-error.ts";
import type { RunAs } from "./iam/enforce.ts";
import { invocationContext } from "./invocation-context.ts";
import { type LambdaHandler, loadHandler } from "./load-handler.ts";
import type { FunctionSpec } from "./spec.ts";

/** Lambda's limit of a synchronous request and of its response, in bytes of JSON. */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;
/** The account's default concurrency, which functions without a reservation share on AWS. */
const UNRESERVED_CONCURRENCY = 1000;

export type InvokeResult =
  | { outcome: "success"; requestId: string; payload: unknown }
  | { outcome: "function-error"; requestId: string; error: FunctionError }
  | { outcome: "throttled"; requestId: string }
  | { outcome: "payload-too-large"; requestId: string };

export interface InvokeOptions {
  /** What to do while a reserved concurrency is used up: event sources wait, APIs are throttled. */
  whenBusy: "wait" | "throttle";
}

export type Invoke = (
  functionName: string,
  event: unknown,
  options: InvokeOptions,
) => Promise<InvokeResult>;

interface LoadedFunction {
  spec: FunctionSpec;
  handler: LambdaHandler;
  gate: ConcurrencyGate;
}

/**
 * Imports every handler once and returns the call that runs them. `invoke` never rejects for what a handler does:
 * that is an outcome.
 *
 * @param runAs in whose name a handler is loaded and run; by default in nobody's
 * @throws Error in one sentence when a handler cannot be loaded; `invoke` rejects for an unknown function
 */
export async function loadRuntime(
  functions: FunctionSpec[],
  log: Logger,
  runAs: RunAs = (_, work) => work(),
): Promise<Invoke> {
  const loaded = new Map<string, LoadedFunction>();
  for (const spec of functions) {
    if (loaded.has(spec.name)) throw new Error(`There are two functions named ${spec.name}.`);
    const gate = new ConcurrencyGate(spec.reservedConcurrency ?? UNRESERVED_CONCURRENCY);
    loaded.set(spec.name, { spec, handler: await runAs(spec, () => loadHandler(spec)), gate });
  }
  return async (functionName, event, { whenBusy }) => {
    const target = loaded.get(functionName);
    if (!target) throw new Error(`There is no function ${functionName} in this service.`);
    const requestId = randomUUID();
    const request = JSON.stringify(event);
    if (isTooLarge(request)) return { outcome: "payload-too-large", requestId };
    // Only a reservation throttles at once; the shared pool is generous and queues.
    const mayWait = whenBusy === "wait" || target.spec.reservedConcurrency === undefined;
    const entered = mayWait ? await target.gate.enter() : target.gate.tryEnter();
    if (!entered) return { outcome: "throttled", requestId };
    try {
      return await runAs(target.spec, () => run(target, request, requestId, log));
    } finally {
      target.gate.leave();
    }
  };
}

async function run(
  { spec, handler }: LoadedFunction,
  request: string,
  requestId: string,
  log: Logger,
): Promise<InvokeResult> {
  const timeout = Promise.withResolvers<never>();
  // A handler that ran out of time cannot be killed inside of this process; its promise is abandoned, and its place
  // is free again as it is on AWS, where the sandbox dies.
  const timer = setTimeout(
    () => timeout.reject(timedOut(spec, requestId)),
    spec.timeoutSeconds * 1000,
  );
  try {
    // Both directions go through JSON, as on the wire: what does not survive it must not survive it here.
    const running = (async () =>
      handler(JSON.parse(request), invocationContext(spec, requestId)))();
    const response = JSON.stringify((await Promise.race([running, timeout.promise])) ?? null);
    if (isTooLarge(response)) {
      throw named(
        "Function.ResponseSizeTooLarge",
        `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`,
      );
    }
    return { outcome: "success", requestId, payload: JSON.parse(response) };
  } catch (thrown) {
    const error = toFunctionError(thrown);
    log.error({ functionName: spec.name, requestId, error }, "function failed");
    return { outcome: "function-error", requestId, error };
  } finally {
    clearTimeout(timer);
  }
}

function isTooLarge(json: string): boolean {
  // A string's UTF-8 form has at most three bytes per code unit, so most are decided without counting.
  return json.length * 3 > MAX_PAYLOAD_BYTES && Buffer.byteLength(json) > MAX_PAYLOAD_BYTES;
}

function timedOut(spec: FunctionSpec, requestId: string): Error {
  const seconds = spec.timeoutSeconds.toFixed(2);
  return named(
    "Sandbox.Timedout",
    `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
  );
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
