import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MetricName } from "@shoebox/shared/metrics";

export interface Logged {
  /** Every value that was measured, in no order. */
  values: number[];
  /** When the last of them was written, ms since the epoch; undefined when there is none. */
  lastAt: number | undefined;
}

type Line = Partial<Record<MetricName, number | number[]>> & { _aws: { Timestamp: number } };

/** What a service of a running system has measured since a moment (ms since the epoch), read from its log. */
export function loggedMetric(
  dataFolder: string,
  service: string,
  name: MetricName,
  since: number,
): Logged {
  const text = readFileSync(join(dataFolder, "logs", `${service}.log`), "utf8");
  const lines = text
    .split("\n")
    .filter((line) => line.includes(`"${name}":`) && line.endsWith("}"))
    .map((line) => JSON.parse(line) as Line)
    .filter(({ _aws }) => _aws.Timestamp >= since);
  return {
    values: lines.flatMap((line) => line[name] ?? []),
    lastAt: lines.at(-1)?._aws.Timestamp,
  };
}
