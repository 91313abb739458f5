import { Writable } from "node:stream";
import { pino } from "pino";
import { type Logger, metricLevel } from "./log.ts";

/** A logger that remembers its lines, parsed. */
export function rememberingLog(): { log: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)) as Record<string, unknown>);
      done();
    },
  });
  return { log: pino({ level: "debug", base: { service: "test" }, ...metricLevel }, sink), lines };
}
