import type { Faults, Store } from "./faults.ts";
import { currentInvocation, inWorld } from "./invocation.ts";
import type { Scheduler } from "./scheduler.ts";

/** What somebody asks of a store. */
export interface Call {
  store: Store;
  operation: string;
  /** The table, bucket, queue or bus. */
  target: string;
  /** As the store's protocol has it, taken apart; a mutation may change it. */
  request: Record<string, unknown>;
  /** Which function asks, such as `catalog/ingest`; undefined for clients. */
  by: string | undefined;
}

/** A connection that ended without an answer, as Node reports it. */
export class ConnectionLost extends Error {
  readonly code = "ECONNRESET";

  constructor() {
    super("socket hang up");
  }
}

/** How a store answers: with what it did, that it is busy, or that it is down. */
export interface Conversation<A> {
  perform(): A | Promise<A>;
  busy(): A;
  down(): A;
  /** A few words on an answer. */
  summary(answer: A): string;
}

/**
 * Brings a call to a store at its time, lets go wrong what goes wrong on the way, and the answer
 * back. This is where processes die: nothing they asked for happens later.
 */
export function createExchange(world: {
  scheduler: Scheduler;
  faults: Faults;
  say: (text: string) => void;
}) {
  const { scheduler, faults, say } = world;

  return function exchange<A>(call: Call, conversation: Conversation<A>): Promise<A> {
    const by = currentInvocation();
    const who = by?.name ?? "client";
    return new Promise((resolve, reject) => {
      if (by?.dead) return;
      const arrive = async () => {
        if (by?.dead) return;
        const what = `${who}: ${call.operation} ${describe(call)}`;
        if (faults.isDown(call.store)) {
          say(`${what} → ${call.store} is down`);
          resolve(conversation.down());
          return;
        }
        const fault = by ? faults.ofCall(call.store) : "none";
        if (fault === "die-before") {
          by?.kill(`before ${call.operation}`);
          return;
        }
        if (fault === "throttle") {
          say(`${what} → throttled`);
          resolve(conversation.busy());
          return;
        }
        const answer = await inWorld(conversation.perform);
        say(
          `${what} → ${conversation.summary(answer)}${fault === "lose-answer" ? ", and the answer is lost" : ""}`,
        );
        if (fault === "die-after") by?.kill(`after ${call.operation}`);
        else if (fault === "lose-answer") reject(new ConnectionLost());
        else resolve(answer);
      };
      scheduler.after(faults.latency(), () => void arrive().catch(reject));
    });
  };
}

export type Exchange = ReturnType<typeof createExchange>;

function describe({ target, request }: Call): string {
  const key = (request.Key ?? request.Item ?? request.key) as unknown;
  if (typeof key === "string") return `${target} ${key}`;
  const sortKey = (key as { PK?: { S?: string }; SK?: { S?: string } } | undefined)?.SK?.S;
  return sortKey === undefined ? target : `${target} ${sortKey}`;
}
