import { AsyncLocalStorage } from "node:async_hooks";

/** One call of a function, in the process that runs it. Everything the process does is done in its name. */
export interface Invocation {
  /** Such as `upload/object-created #12`. */
  name: string;
  /** Milliseconds by which the clock of its machine is wrong. */
  clockError: number;
  /** Its process is gone: nothing it asks for happens any more, and nothing is answered to it. */
  dead: boolean;
  /** Ends its process, at the await it stands at. */
  kill(why: string): void;
}

const current = new AsyncLocalStorage<Invocation>();

/** The call in whose course this runs; undefined for clients and for the world itself. */
export function currentInvocation(): Invocation | undefined {
  return current.getStore();
}

/** What a clock shows to who asks: machines do not quite agree. */
export function clockOf(scheduler: { now(): number }): () => number {
  return () => scheduler.now() + (current.getStore()?.clockError ?? 0);
}

export function inInvocation<T>(invocation: Invocation, work: () => T): T {
  return current.run(invocation, work);
}

/** Lets the world's own doings run in nobody's name. */
export function inWorld<T>(work: () => T): T {
  return current.exit(work);
}
