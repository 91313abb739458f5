import { fork } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { applyEnvironment } from "@shoebox/local/lambda/environment";
import type { FunctionSpec, ServiceSpec } from "@shoebox/local/lambda/spec";

const script = fileURLToPath(new URL("invoke-process.ts", import.meta.url));

/**
 * Calls a bundle with an event in a process of its own that has the function's environment and
 * nothing else; resolves with the handler's answer.
 *
 * @throws Error with what it said when it ends without an answer
 */
export async function invoke(
  service: ServiceSpec,
  fn: FunctionSpec,
  event: unknown,
): Promise<unknown> {
  const env: NodeJS.ProcessEnv = {};
  applyEnvironment(env, service.aws, service.functions);
  const child = fork(script, {
    env,
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const said = Promise.all([child.stdout, child.stderr].map((out) => (out ? text(out) : "")));
  child.send({ entry: fn.entry, event });
  const answered = once(child, "message").then(([message]) => message as { answer: unknown });
  const ended = once(child, "exit").then(() => undefined);
  const message = await Promise.race([answered, ended]);
  await ended;
  if (!message) throw new Error(`${fn.name} ended without an answer: ${(await said).join("\n")}`);
  return message.answer;
}
