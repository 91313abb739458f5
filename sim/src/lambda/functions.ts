import type { Faults } from "../world/faults.ts";
import { type Invocation, inInvocation, inWorld } from "../world/invocation.ts";
import type { Mutation } from "../world/mutation.ts";
import type { Scheduler } from "../world/scheduler.ts";
import type { FunctionSpec } from "./spec.ts";

export type Handler = (event: never) => Promise<unknown>;

/** How a process of a function begins; it is built anew after each crash. */
export type ColdStart = () => Promise<Handler> | Handler;

export type Outcome =
  | { kind: "answered"; payload: unknown }
  | { kind: "threw"; error: unknown }
  | { kind: "died"; why: string };

/** The functions, each call in a process of its own that serves one call at a time. */
export interface Functions {
  spec(arn: string): FunctionSpec;
  /** Never rejects: how a call ends is an outcome. */
  call(arn: string, event: unknown): Promise<Outcome>;
}

export function createFunctions(
  specs: FunctionSpec[],
  coldStarts: ReadonlyMap<string, ColdStart>,
  world: {
    scheduler: Scheduler;
    faults: Faults;
    mutation: Mutation;
    say: (text: string) => void;
  },
): Functions {
  const byArn = new Map(specs.map((spec) => [spec.arn, spec]));
  const idle = new Map<string, Handler[]>();
  let calls = 0;

  function specOf(arn: string): FunctionSpec {
    const spec = byArn.get(arn);
    if (!spec) throw new Error(`No function ${arn} is declared.`);
    return spec;
  }

  async function run(spec: FunctionSpec, event: unknown): Promise<unknown> {
    const name = `${spec.service}/${spec.name}`;
    const waiting = idle.get(name) ?? [];
    idle.set(name, waiting);
    const start = coldStarts.get(name);
    if (!start) throw new Error(`The simulation does not know the function ${name}.`);
    if (world.faults.isBroken(name)) throw new Error("the deployment is broken");
    const handler = waiting.pop() ?? (await start());
    const payload = await handler(event as never);
    waiting.push(handler);
    return payload;
  }

  return {
    spec: specOf,
    call(arn, event) {
      const spec = specOf(arn);
      const name = `${spec.service}/${spec.name}`;
      calls += 1;
      return new Promise((resolve) => {
        const invocation: Invocation = {
          name: `${name} #${calls}`,
          clockError: world.faults.clockError(),
          dead: false,
          kill(why) {
            if (invocation.dead) return;
            end();
            world.say(`${invocation.name} dies ${why}`);
            inWorld(() => resolve({ kind: "died", why }));
          },
        };
        const timeout = world.scheduler.after(spec.timeout, () =>
          invocation.kill("of its timeout"),
        );
        const end = () => {
          invocation.dead = true;
          timeout.cancel();
        };
        const finish = (outcome: Outcome) => {
          if (invocation.dead) return;
          end();
          if (outcome.kind === "threw") world.say(`${invocation.name} fails: ${outcome.error}`);
          inWorld(() => resolve(outcome));
        };
        inInvocation(invocation, () => run(spec, event)).then(
          (payload) => {
            const seen = world.mutation.result?.(name, payload, event) ?? payload;
            finish({ kind: "answered", payload: seen });
          },
          (error: unknown) => finish({ kind: "threw", error }),
        );
      });
    },
  };
}
