import { afterAll, describe, expect, it } from "vitest";
import { applyEnvironment, sharedEnvironment } from "./environment.ts";
import {
  CREDENTIALS,
  functionOf,
  functionSpec,
  keepingLogger,
  temporaryDirectory,
} from "./handlers.testkit.ts";
import { type InvokeOptions, loadRuntime } from "./runtime.ts";
import type { FunctionSpec } from "./spec.ts";

const dir = temporaryDirectory();
afterAll(dir.remove);

const WAIT: InvokeOptions = { whenBusy: "wait" };
let count = 0;

async function runtimeOf(source: string, changes: Partial<FunctionSpec> = {}) {
  count += 1;
  const name = `fn${count}`;
  const kept = keepingLogger();
  const spec = functionOf(dir.path, source, { name, ...changes });
  const invoke = await loadRuntime([spec], kept.log);
  return { ...kept, spec, call: (event: unknown, options = WAIT) => invoke(name, event, options) };
}

describe("an invocation", () => {
  it("passes event and result through JSON, as the wire does", async () => {
    const { call } = await runtimeOf(
      `export const handler = async (event) => ({ sawDate: typeof event.at, gone: undefined, at: new Date(0) });`,
    );
    expect(await call({ at: new Date() })).toMatchObject({
      outcome: "success",
      payload: { sawDate: "string", at: "1970-01-01T00:00:00.000Z" },
    });
  });

  it("answers null for a handler that returns nothing", async () => {
    const { call } = await runtimeOf("export const handler = async () => undefined;");
    expect(await call({})).toMatchObject({ outcome: "success", payload: null });
  });

  it("gives the handler Lambda's context", async () => {
    const { call, spec } = await runtimeOf(
      "export const handler = async (_, context) => ({ ...context, left: context.getRemainingTimeInMillis() });",
    );
    const result = await call({});
    if (result.outcome !== "success") throw new Error(result.outcome);
    expect(result.payload).toMatchObject({
      awsRequestId: result.requestId,
      functionName: spec.name,
      functionVersion: "$LATEST",
      invokedFunctionArn: spec.arn,
      memoryLimitInMB: "256",
    });
    const { left } = result.payload as { left: number };
    expect(left).toBeGreaterThan(2000);
    expect(left).toBeLessThanOrEqual(3000);
  });

  it("reports what a handler throws as a function error and logs it with the function's name", async () => {
    const { call, lines, spec } = await runtimeOf(
      `export const handler = async () => { throw new TypeError("no such picture"); };`,
    );
    const result = await call({});
    expect(result).toMatchObject({
      outcome: "function-error",
      error: { errorType: "TypeError", errorMessage: "no such picture" },
    });
    expect(lines).toMatchObject([{ functionName: spec.name, msg: "function failed" }]);
  });

  it("ends a handler that takes too long and frees its place", async () => {
    const { call } = await runtimeOf(
      "export const handler = async (event) => event.hang ? new Promise(() => {}) : 'done';",
      { timeoutSeconds: 0.03, reservedConcurrency: 1 },
    );
    const result = await call({ hang: true });
    expect(result).toMatchObject({
      outcome: "function-error",
      error: {
        errorType: "Sandbox.Timedout",
        errorMessage: expect.stringContaining("timed out after 0.03 seconds"),
      },
    });
    expect(await call({}, { whenBusy: "throttle" })).toMatchObject({ payload: "done" });
  });

  it("throttles an API over the reserved concurrency, while event sources wait in order", async () => {
    const { call } = await runtimeOf(
      `const { promise, resolve } = Promise.withResolvers();
       const order = [];
       export const handler = async ({ name }) => {
         if (name === "first") await promise;
         order.push(name);
         return order;
       };
       globalThis.releaseFirst = resolve;`,
      { reservedConcurrency: 1 },
    );
    const first = call({ name: "first" });
    const second = call({ name: "second" });
    const third = call({ name: "third" });
    expect(await call({ name: "api" }, { whenBusy: "throttle" })).toMatchObject({
      outcome: "throttled",
    });
    (globalThis as unknown as { releaseFirst(): void }).releaseFirst();
    await Promise.all([first, second]);
    expect(await third).toMatchObject({ payload: ["first", "second", "third"] });
  });

  it("throttles everything when the reserved concurrency is 0", async () => {
    const { call } = await runtimeOf("export const handler = async () => 1;", {
      reservedConcurrency: 0,
    });
    expect(await call({})).toMatchObject({ outcome: "throttled" });
  });

  it("holds both payloads to 6 MB", async () => {
    const { call } = await runtimeOf(
      `export const handler = async (event) => "x".repeat(event.size ?? 0);`,
    );
    const size = 6 * 1024 * 1024;
    expect(await call("x".repeat(size))).toMatchObject({ outcome: "payload-too-large" });
    expect(await call({ size })).toMatchObject({
      outcome: "function-error",
      error: { errorType: "Function.ResponseSizeTooLarge" },
    });
    expect(await call({ size: size - 2 })).toMatchObject({ outcome: "success" });
  });
});

describe("loading a function", () => {
  it.each([
    ["a missing export", "export const other = 1;", "exports no function handler"],
    [
      "a callback handler",
      "export const handler = (event, context, callback) => {};",
      "takes a callback",
    ],
    ["a module that throws", "throw new Error('at import');", "does not load"],
  ])("refuses %s", async (_case, source, message) => {
    await expect(runtimeOf(source)).rejects.toThrow(message);
  });
});

describe("the environment", () => {
  it("refuses functions that differ, and keys that Lambda reserves", () => {
    const a = functionSpec({ name: "a", environment: { X: "1" } });
    const b = functionSpec({ name: "b", environment: { X: "1", Y: "2" } });
    expect(() => sharedEnvironment([a, b])).toThrow(
      "Functions a and b differ in the environment variable Y",
    );
    const c = functionSpec({ name: "c", environment: { AWS_REGION: "eu-west-1" } });
    expect(() => sharedEnvironment([c])).toThrow("c sets AWS_REGION");
  });

  it("replaces the user's own AWS settings by the local ones", () => {
    const env: NodeJS.ProcessEnv = {
      AWS_PROFILE: "production",
      AWS_SESSION_TOKEN: "t",
      HOME: "/home",
    };
    const aws = {
      region: "us-east-1",
      accountId: "000000000000",
      credentials: CREDENTIALS,
      endpoints: { sqs: "http://127.0.0.1:1", dynamodb: "http://127.0.0.1:2" },
    };
    applyEnvironment(env, aws, [functionSpec({ environment: { TABLE: "t" } })]);
    expect(env).toMatchObject({
      HOME: "/home",
      TABLE: "t",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL_SQS: "http://127.0.0.1:1",
      AWS_ENDPOINT_URL_DYNAMODB_STREAMS: "http://127.0.0.1:2",
    });
    expect(env).not.toHaveProperty("AWS_PROFILE");
    expect(env).not.toHaveProperty("AWS_SESSION_TOKEN");
  });
});
