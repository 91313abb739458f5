import { createHash } from "node:crypto";

/** What happened, line by line, in words that are the same for the same seed. */
export interface Trace {
  add(text: string): void;
  /** Gives an id a short name, which stands in its place in all lines from then on. */
  name(id: string, short: string): void;
  readonly lines: readonly string[];
  /** The same for two runs that went the same way. */
  digest(): string;
}

export function createTrace(now: () => number): Trace {
  const lines: string[] = [];
  const names = new Map<string, string>();
  const ids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

  return {
    lines,
    add(text) {
      const named = text.replace(ids, (id) => names.get(id) ?? id);
      lines.push(`${new Date(now()).toISOString()} ${named}`);
    },
    name: (id, short) => void names.set(id, short),
    digest: () => createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 16),
  };
}

const READING =
  / (GetItem|BatchGetItem|Query|Scan|HeadObject|GetObject|List\w+|Describe\w+|GetQueueUrl|GetQueueAttributes|GET \S+|POST \S+_(search|mget|refresh)\S*) .*→ (ok|20[06])$/;

/** A line that tells of somebody who read and was answered. */
export function isReading(line: string): boolean {
  return READING.test(line);
}
