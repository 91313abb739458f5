import { AsyncLocalStorage } from "node:async_hooks";
import diagnostics from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import type { Death } from "./chaos.ts";

interface Doomed {
  death: Death;
  calls: number;
  dead: boolean;
  die(): void;
}

const current = new AsyncLocalStorage<Doomed>();
let watched = false;

/**
 * Runs an invocation that dies at one of its calls: from then on nothing that it does reaches anybody,
 * as if its sandbox were gone, and it resolves with `died`, whatever becomes of the code that goes on
 * in vain. One that makes fewer calls lives, and its result is given back.
 */
export async function dieAt<T>(death: Death, work: () => Promise<T>): Promise<T | "died"> {
  watch();
  const { promise: died, resolve } = Promise.withResolvers<"died">();
  const doomed: Doomed = {
    death,
    calls: 0,
    dead: false,
    die() {
      doomed.dead = true;
      resolve("died");
    },
  };
  return Promise.race([died, current.run(doomed, work)]);
}

/** Every request of this process passes here; whose it is follows from the asynchronous context it is made in. */
function watch(): void {
  if (watched) return;
  watched = true;
  diagnostics.subscribe("http.client.request.created", (message) => {
    const doomed = current.getStore();
    if (!doomed) return;
    const { request } = message as { request: ClientRequest };
    doomed.calls += 1;
    if (!doomed.dead && doomed.calls < doomed.death.call) return;
    if (!doomed.dead && doomed.death.arrives) {
      request.prependOnceListener("response", doomed.die);
      return;
    }
    doomed.die();
    // Nothing of a request is sent before one of these is called.
    request.end = () => request.destroy(new Error("The function that made this call is dead."));
    request.write = () => {
      request.end();
      return false;
    };
  });
}
