import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface Child {
  /** What it said when it was ready. */
  hello: unknown;
  /** Asks it for one thing more, and resolves with the answer. */
  ask<T>(): Promise<T>;
  stop(): Promise<void>;
}

/** Starts a script beside this file that says one thing when it is ready and one each time it is asked; its log goes nowhere. */
export async function startChild(script: string, ...args: string[]): Promise<Child> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args, {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  return {
    hello: await nextOf(child),
    async ask<T>() {
      const answer = nextOf(child);
      child.send("ask");
      return (await answer) as T;
    },
    async stop() {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

/** @throws Error when it ends instead */
async function nextOf(child: ChildProcess): Promise<unknown> {
  const over = new AbortController();
  const ended = once(child, "exit", { signal: over.signal }).then(() => {
    throw new Error("A process of the benchmark ended by itself; see above.");
  });
  try {
    const [message] = await Promise.race([once(child, "message", { signal: over.signal }), ended]);
    return message;
  } finally {
    over.abort();
    ended.catch(() => undefined);
  }
}
