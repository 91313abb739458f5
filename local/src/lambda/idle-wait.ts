import { watch } from "node:fs";
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
  let writes = 0;
  const waiting = new Set<() => void>();
  const watcher = watch(directory, { persistent: false }, () => {
    writes += 1;
    for (const wake of waiting) wake();
  });
  watcher.on("error", (error) => log.warn({ directory, err: error }, "changes are not watched"));

  /** Ends with the next write, after `ms` or with the signal. */
  const nextWrite = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      waiting.add(wake);
      signal.addEventListener("abort", wake, { once: true });
    });

  const idle = (tableName: string): IdleWait => {
    return () => {
      const before = positions.of(tableName);
      let seen = writes;
      let looked = performance.now();
      const enough = looked + mostMs;
      return async (signal) => {
        // The files may change a moment before the write can be seen: after each change the looks begin close together.
        let patience = LEAST_MS;
        while (!signal.aborted && performance.now() < enough) {
          if (writes === seen) await nextWrite(Math.min(patience, enough - looked), signal);
          patience = writes === seen ? patience * 2 : LEAST_MS;
          await pause(Math.max(SETTLE_MS, LEAST_MS - (performance.now() - looked)), signal);
          seen = writes;
          looked = performance.now();
          if (positions.of(tableName) !== before) return;
        }
      };
    };
  };
  return {
    idle: (streamArn) => idle(tableOf(streamArn)),
    close: () => {
      watcher.close();
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
