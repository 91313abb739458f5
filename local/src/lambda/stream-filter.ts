import { compilePattern } from "../eventbridge/pattern.ts";
import type { StreamRecord } from "./stream-event.ts";

/**
 * Whether a record is delivered: any pattern matches it, or there are none. Filters of event source mappings have the
 * grammar of EventBridge patterns.
 *
 * @throws Error when a pattern is not valid
 */
export function streamFilter(
  patterns: Record<string, unknown>[] | undefined,
): (record: StreamRecord) => boolean {
  const matchers = (patterns ?? []).map((pattern) => compilePattern(pattern));
  if (matchers.length === 0) return () => true;
  return (record) => {
    const event = record as unknown as Record<string, unknown>;
    return matchers.some((matches) => matches(event));
  };
}
