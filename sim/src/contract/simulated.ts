import type { Declared } from "../world/declared.ts";
import { NO_FAULTS } from "../world/faults.ts";
import { goOnUntil } from "../world/go-on.ts";
import { createWorld, type World } from "../world/world.ts";

const NOTHING: Declared = {
  tables: [],
  buckets: [],
  queues: [],
  rules: [],
  archives: [],
  functions: [],
  queueSources: [],
  streamSources: [],
};

/** The simulated stores by themselves: what a contract declares, no services, and nothing goes wrong. */
export function simulatedStores(declares: Partial<Declared>): World {
  return createWorld({ ...NOTHING, ...declares }, { seed: "contract", faults: NO_FAULTS });
}

/**
 * A client, for one who does not know that the world has to go on: every promise that one of its methods
 * answers, `send` or `indices.create`, is waited for by the world.
 */
export function goingOn<C extends object>(client: object, world: World): C {
  return new Proxy(client as C, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (name === "config" || member === null) return member;
      if (typeof member === "object") return goingOn(member, world);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        const answer: unknown = Reflect.apply(member, target, args);
        const isPromise = typeof (answer as Promise<unknown> | undefined)?.then === "function";
        return isPromise ? goOnUntil(answer as Promise<unknown>, world.scheduler) : answer;
      };
    },
  });
}
