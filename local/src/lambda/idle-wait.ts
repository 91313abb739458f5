import { type FSWatcher, watch } from "node:fs";
import type { Logger } from "pino";
import { openStreamPositions } from "../dynamodb/stream-positions.ts";
import { pause } from "./pause.ts";

/**
 * How a reader waits when there was nothing new. It is called before the read, so that a change during the read is not
 * missed; what it returns is called after a read that brought nothing.
 */
export type IdleWait = () => (signal: AbortSignal) => Promise<void>;

/** Looks again after a fixed time. */
export function pollEvery(ms: number): IdleWait {
  return () => (signal) => pause(ms, signal);
}

/** A change of the files is looked at this much later: by then the write is committed, and its companions are in. */
const SETTLE_MS = 2;
/** The least between two looks, so that a busy database does not keep its readers busy for nothing. */
const LEAST_MS = 20;
const MOST_MS = 1000;

export interface StreamWatch {
  idle(streamArn: string): IdleWait;
  close(): void;
}

/**
 * Reads a stream again when its table has a new record. The database's directory tells when something was written, and
 * its file tells for which table: a service that read its stream at the writes of all others spent a quarter of a
 * busy system's CPU time on nothing.
 *
 * @param mostMs the stream is read after this time whatever was seen
 */
export function watchStreams(directory: string, log: Logger, mostMs = MOST_MS): StreamWatch {
  const positions = openStreamPositions(directory);
  const waiting = new Set<(written: boolean) => void>();
  let watcher: FSWatcher | undefined;

  /**
   * The watch ends with the first change it tells of, and is on again when somebody waits: a burst changes the files
   * ten times for each write, and being told of all of them cost every service a twentieth of the machine.
   */
  function watchOnce(): void {
    if (watcher) return;
    const told = () => {
      watcher?.close();
      watcher = undefined;
      for (const wake of waiting) wake(true);
    };
    watcher = watch(directory, { persistent: false }, told);
    watcher.on("error", (error) => log.warn({ directory, err: error }, "changes are not watched"));
  }

  /** Ends with the next write from now on (then true), after `ms` or with the signal. */
  const nextWrite = (ms: number, signal: AbortSignal) =>
    new Promise<boolean>((resolve) => {
      const wake = (written: boolean) => {
        clearTimeout(timer);
        waiting.delete(wake);
        signal.removeEventListener("abort", stop);
        resolve(written);
      };
      const stop = () => wake(false);
      const timer = setTimeout(stop, ms);
      waiting.add(wake);
      signal.addEventListener("abort", stop, { once: true });
      watchOnce();
    });

  const idle = (tableName: string): IdleWait => {
    return () => {
      const before = positions.of(tableName);
      const enough = performance.now() + mostMs;
      return async (signal) => {
        // The files may change a moment before the write can be seen: after each change the looks begin close together.
        let patience = LEAST_MS;
        while (!signal.aborted && performance.now() < enough) {
          const began = performance.now();
          const write = nextWrite(Math.min(patience, enough - began), signal);
          // With the watch on, so that nothing is written between this look and the wait.
          if (positions.of(tableName) !== before) return;
          const written = await write;
          patience = written ? LEAST_MS : patience * 2;
          await pause(Math.max(SETTLE_MS, LEAST_MS - (performance.now() - began)), signal);
        }
      };
    };
  };
  return {
    idle: (streamArn) => idle(tableOf(streamArn)),
    close: () => {
      watcher?.close();
      positions.close();
    },
  };
}

/** `arn:aws:dynamodb:<region>:<account>:table/<name>/stream/<label>` */
function tableOf(streamArn: string): string {
  const name = /:table\/([^/]+)\/stream\//.exec(streamArn)?.[1];
  if (name === undefined) throw new Error(`${streamArn} is not the ARN of a stream.`);
  return name;
}
