import { AsyncLocalStorage } from "node:async_hooks";
import diagnostics from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import type { AwsSpec, FunctionSpec } from "../spec.ts";
import type { Call } from "./call.ts";
import { allows, type Statement } from "./policy.ts";
import { requiredRights } from "./required-rights.ts";

/** Runs something as a function: what it calls is decided by that function's role. */
export type RunAs = <T>(fn: FunctionSpec, work: () => T) => T;

/**
 * Makes the roles hold that the programs declare: a handler's call of AWS that its own function's
 * role does not allow is refused as AWS would refuse it, and said loudly. All functions of a service
 * live in one process here; whose call it is follows from the asynchronous context it is made in.
 *
 * @param denied told of every refusal in one sentence
 */
export function enforceRoles(aws: AwsSpec, denied: (sentence: string) => void): RunAs {
  const services = servicesByHost(aws);
  const current = new AsyncLocalStorage<FunctionSpec>();

  diagnostics.subscribe("http.client.request.created", (message) => {
    const fn = current.getStore();
    const { request } = message as { request: ClientRequest };
    const service = services.get(String(request.getHeader("host")));
    if (!fn?.policy || !service) return;
    const { policy } = fn;
    // The body says which table, queue or bus; it is known when the request is ended with it.
    const end = request.end;
    request.end = function guarded(this: ClientRequest, ...args: unknown[]) {
      const refusal = decide(policy, callOf(request, service, args[0]), aws);
      if (!refusal) return Reflect.apply(end, this, args);
      const sentence = `${fn.name} ${refusal}`;
      denied(sentence);
      return this.destroy(Object.assign(new Error(sentence), { name: "AccessDenied" }));
    } as ClientRequest["end"];
  });
  return (fn, work) => current.run(fn, work);
}

/** Why a call may not be made; undefined when it may. */
function decide(policy: Statement[], call: Call, aws: AwsSpec): string | undefined {
  try {
    const missing = requiredRights(call, aws).find((right) => !allows(policy, right));
    return missing && `is not authorized to perform ${missing.action} on ${missing.resource}`;
  } catch (error) {
    return `made a call that can't be decided: ${error instanceof Error ? error.message : error}`;
  }
}

function servicesByHost(aws: AwsSpec): Map<string, string> {
  const endpoints = Object.entries(aws.endpoints)
    // The local DynamoDB serves its streams as well; functions get their records from Lambda.
    .filter(([service]) => service !== "dynamodb-streams")
    .map(([service, url]): [string, string] => [new URL(url).host, service]);
  const search = aws.search && new URL(aws.search.endpoint).host;
  return new Map([...endpoints, ...(search ? [[search, "opensearch"] as const] : [])]);
}

function callOf(request: ClientRequest, service: string, body: unknown): Call {
  const url = new URL(request.path, "http://local");
  return {
    service,
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    target: String(request.getHeader("x-amz-target") ?? ""),
    body: () => (body instanceof Uint8Array ? Buffer.from(body).toString() : String(body ?? "")),
  };
}
