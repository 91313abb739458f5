import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ServiceSpec } from "./spec.ts";

const ENTRY = join(import.meta.dirname, "service-process.ts");
const ARN = "arn:aws:lambda:us-east-1:000000000000:function:hello";

const HANDLERS = `
export const hello = async (event) => ({
  statusCode: 200,
  body: JSON.stringify({ table: process.env.TABLE, profile: process.env.AWS_PROFILE ?? null, path: event.path }),
});
export const crash = async () => { setTimeout(() => { throw new Error("out of the blue"); }, 0); };
`;

let dir: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "service-"));
  writeFileSync(join(dir, "handlers.mjs"), HANDLERS);
});

afterEach(() => {
  child?.kill("SIGKILL");
  rmSync(dir, { recursive: true });
});

function fn(name: string, environment: Record<string, string>) {
  const arn = ARN.replace("hello", name);
  const entry = join(dir, "handlers.mjs");
  return { name, arn, entry, handler: name, environment, timeoutSeconds: 3, memoryMb: 128 };
}

function spec(changes: Partial<ServiceSpec> = {}): ServiceSpec {
  const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${ARN}/invocations`;
  const integration = { type: "aws_proxy", httpMethod: "POST", uri };
  return {
    service: "greeter",
    dataDir: join(dir, "data"),
    aws: {
      region: "us-east-1",
      accountId: "000000000000",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      endpoints: {},
    },
    functions: [fn("hello", { TABLE: "t" }), fn("crash", { TABLE: "t" })],
    eventSources: [],
    apis: [
      {
        apiId: "api",
        name: "greeter",
        region: "us-east-1",
        accountId: "000000000000",
        stage: "v1",
        port: 0,
        allowedFunctionArns: [ARN],
        body: { paths: { "/hello": { get: { "x-amazon-apigateway-integration": integration } } } },
      },
    ],
    ...changes,
  };
}

function start(given: ServiceSpec): ChildProcess {
  const path = join(dir, "spec.json");
  writeFileSync(path, JSON.stringify(given));
  const env = { ...process.env, AWS_PROFILE: "production" };
  const started = fork(ENTRY, [path], { env, execArgv: [], silent: true });
  child = started;
  return started;
}

describe("the service process", () => {
  it("says where its APIs are, serves them and answers invocations of its parent", async () => {
    const started = start(spec());
    const [ready] = await once(started, "message");
    expect(ready).toEqual({
      type: "ready",
      apiUrls: { greeter: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) },
    });
    const answer = await fetch(`${ready.apiUrls.greeter}/hello`);
    expect(await answer.json()).toEqual({ table: "t", profile: null, path: "/hello" });

    started.send({ type: "invoke", id: 7, functionName: "hello", event: { path: "/direct" } });
    const [result] = await once(started, "message");
    expect(result).toMatchObject({ type: "result", id: 7, outcome: "success" });
    expect(result.payload.body).toContain("/direct");

    started.send({ type: "invoke", id: 8, functionName: "nobody", event: {} });
    expect((await once(started, "message"))[0]).toMatchObject({ id: 8, outcome: "refused" });
  });

  it("ends by itself when its parent goes away, and on SIGTERM", async () => {
    const orphan = start(spec());
    await once(orphan, "message");
    orphan.disconnect();
    expect(await once(orphan, "exit")).toEqual([0, null]);

    const stopped = start(spec());
    await once(stopped, "message");
    stopped.kill("SIGTERM");
    expect(await once(stopped, "exit")).toEqual([0, null]);
  });

  it("logs an uncaught exception and exits non-zero", async () => {
    const started = start(spec());
    let logged = "";
    started.stdout?.on("data", (chunk) => {
      logged += chunk;
    });
    await once(started, "message");
    started.send({ type: "invoke", id: 1, functionName: "crash", event: {} });
    const [code] = await once(started, "close");
    expect(code).toBe(1);
    expect(logged).toContain("out of the blue");
  });

  it("refuses to start when two functions differ in their environment", async () => {
    const started = start(
      spec({ functions: [fn("hello", { TABLE: "a" }), fn("crash", { TABLE: "b" })] }),
    );
    let errors = "";
    for (const stream of [started.stdout, started.stderr]) {
      stream?.on("data", (chunk) => {
        errors += chunk;
      });
    }
    expect((await once(started, "close"))[0]).toBe(1);
    expect(errors).toContain("Functions hello and crash differ in the environment variable TABLE");
  });
});
