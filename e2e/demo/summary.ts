import { styleText } from "node:util";
import type { User } from "../client.ts";
import { duration, time } from "./board.ts";
import { type Journey, type Step, steps } from "./journey.ts";

const meaning: Record<Step, string> = {
  asked: "POST /v1/uploads: session stored, form presigned",
  uploaded: "the form, straight to S3",
  verified: "S3 → EventBridge → SQS → upload: size, type, checksum; version pinned",
  processed: "scanned, decoded once, turned upright, 5 renditions without metadata",
  cataloged: "in the catalog, strongly consistent, signed URLs",
  searchable: "stream → bus → SQS → index, and found by a search",
};

/** A line per step: what it is, and the times of all pictures that took it. */
export function stepTimes(journeys: Journey[]): string[] {
  return steps.flatMap((step) => {
    const times = journeys.flatMap(({ reached }) => duration(reached, step) ?? []);
    if (times.length === 0) return [];
    return [line(step, meaning[step], times)];
  });
}

/** The steps within processing, as the jobs themselves tell them. */
export async function processingTimes(user: User, journeys: Journey[]): Promise<string[]> {
  const times = new Map<string, number[]>();
  for (const { imageId, refused } of journeys) {
    if (refused) continue;
    const { body } = await user.get<{ steps: { name: string; ms: number }[] }>(
      `/v1/processing/${imageId}`,
    );
    for (const { name, ms } of body.steps) times.set(name, [...(times.get(name) ?? []), ms]);
  }
  const parts = [...times].map(([name, all]) => `${name} ${time(median(all))}`);
  return parts.length === 0 ? [] : [styleText("dim", `  within processed: ${parts.join(" · ")}`)];
}

function line(step: string, what: string, times: number[]): string {
  const figures = [median(times), Math.max(...times)].map((ms) => time(ms).padStart(9));
  return `  ${step.padEnd(11)} ${figures.join("")}   ${styleText("dim", what)}`;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
