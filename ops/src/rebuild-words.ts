import { styleText } from "node:util";
import { count, duration } from "./amounts.ts";
import { hasEnded, type Rebuild, secondsOf } from "./jobs.ts";
import { progressLine } from "./progress.ts";

/** Where an API's rebuild is. */
export function rebuildPath(rebuildId: string): string {
  return `/v1/search/rebuilds/${encodeURIComponent(rebuildId)}`;
}

/** How to look at a rebuild that goes on. */
export function howToWatch(rebuildId: string): string {
  return `It goes on: npm run ops -- rebuilds ${rebuildId} --watch shows it, npm run ops -- cancel ${rebuildId} ends it.`;
}

/** A rebuild in sentences, as it stands. */
export function rebuildWords(rebuild: Rebuild, now: number): string[] {
  if (!hasEnded(rebuild)) return [progressLine(rebuild), howToWatch(rebuild.rebuildId)];
  const took = duration(secondsOf(rebuild, now));
  switch (rebuild.status) {
    case "completed":
      return [
        `${styleText("green", "completed")} after ${took}: ${count(rebuild.indexed)} ${rebuild.indexed === 1 ? "document" : "documents"} in ${rebuild.index}`,
        ...repaired(rebuild),
        ...searched(rebuild),
      ];
    case "cancelled":
      return [`cancelled after ${took}; the search goes on with the index it had`];
    default:
      return [
        `${styleText("red", "failed")} after ${took}: ${rebuild.reason ?? "it does not say why"}`,
        "The search goes on with the index it had.",
      ];
  }
}

function repaired({ disagreements }: Rebuild): string[] {
  const some = Object.entries(disagreements).filter(([, amount]) => amount > 0);
  if (some.length === 0) return [];
  const words = some.map(([kind, amount]) => `${count(amount)} ${kind}`).join(", ");
  return [`Found and repaired before it was used: ${words}.`];
}

function searched({ rebuildId, index, previousIndex, rolledBack }: Rebuild): string[] {
  if (previousIndex === undefined) return [];
  if (rolledBack) {
    return [
      `It was rolled back: ${previousIndex} is searched. npm run ops -- rollback ${rebuildId} --to rebuilt takes ${index} again.`,
    ];
  }
  return [`${previousIndex} is kept: npm run ops -- rollback ${rebuildId} goes back to it.`];
}
