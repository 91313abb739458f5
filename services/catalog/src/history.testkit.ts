import type { Change } from "@shoebox/shared/messaging/relay";
import * as fc from "fast-check";
import { itemKey } from "./adapters/image-item.ts";
import { type Edit, edited } from "./domain/edit.ts";
import { type ImageRecord, visible } from "./domain/image-record.ts";
import { processed, rejected, requested } from "./domain/processed.ts";
import { closed, confirmed, deleted, republished } from "./domain/tombstone.ts";
import { uploaded } from "./domain/uploaded.ts";
import { apply, type Write } from "./domain/write.ts";
import { OWNER, processedData, REJECTION, uploadedData } from "./facts.testkit.ts";

/** What can happen to one image, in any order and any number of times. */
export type Step =
  | { is: "uploaded" | "delete" | "republish" }
  | { is: "processed" | "rejected"; retry?: number }
  | { is: "requested"; retry: number }
  | { is: "originalDeletedAt" | "renditionsDeletedAt" }
  | { is: "edit"; edit: Edit };

export const upload = uploadedData("019de368-f600-7061-8157-766ead37ffef", {
  tags: ["beach", "sea"],
});
export const key = { ownerId: OWNER, imageId: upload.imageId };

const edit: fc.Arbitrary<Edit> = fc.record(
  {
    tags: fc.uniqueArray(fc.constantFrom("beach", "sea", "sun", "dog"), { maxLength: 4 }),
    caption: fc.constantFrom("one", "two", null),
    visibility: fc.constantFrom("private" as const, "public" as const),
    takenAt: fc.constantFrom("2001-01-01T00:00:00.000Z", null),
  },
  { requiredKeys: [] },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    is: fc.constantFrom(
      "uploaded" as const,
      "delete" as const,
      "republish" as const,
      "originalDeletedAt" as const,
      "renditionsDeletedAt" as const,
    ),
  }),
  fc.record({
    is: fc.constantFrom("processed" as const, "rejected" as const),
    retry: fc.constantFrom(undefined, undefined, 1, 2),
  }),
  fc.record({ is: fc.constant("requested" as const), retry: fc.constantFrom(1, 2) }),
  fc.record({ is: fc.constant("edit" as const), edit }),
);

/** Histories in which deletion comes late enough for something to happen before it. */
export const history: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.array(
      step.filter(({ is }) => is !== "delete"),
      { maxLength: 12 },
    ),
    fc.array(step, { maxLength: 10 }),
  )
  .map(([before, after]) => [...before, ...after]);

/** The writes that a step comes down to, given what is there: what consumers, routes and jobs do. */
export function writesOf(step: Step, record: ImageRecord | undefined, now: number): Write[] {
  const occasion = { now, correlationId: `c-${now}` };
  const image = visible(record);
  switch (step.is) {
    case "uploaded":
      return [uploaded(upload, occasion)];
    case "processed":
      return [processed({ ...processedData(key), retry: step.retry }, occasion)];
    case "rejected":
      return [rejected({ ...key, reason: REJECTION, retry: step.retry }, occasion)];
    case "requested":
      return [requested({ ...key, retry: step.retry, shown: false }, occasion)];
    case "edit": {
      const write = image && edited(image, step.edit, occasion);
      return write ? [write] : [];
    }
    case "delete":
      return image ? [deleted(image, occasion)] : [];
    case "republish": {
      const { republishAt, republished: times } = record ?? {};
      if (republishAt === undefined || times === undefined) return [];
      return [republished({ republishAt, republished: times }, now)];
    }
    default:
      return [confirmed(step.is, now), closed(now)];
  }
}

/** Plays a history on the domain alone; `changes` is what the table's stream would tell. */
export function play(steps: Step[], begin = 1_000): { record?: ImageRecord; changes: Change[] } {
  let record: ImageRecord | undefined;
  const changes: Change[] = [];
  for (const [index, step] of steps.entries()) {
    const now = begin + index;
    for (const write of writesOf(step, record, now)) {
      const after = apply(key, record, write);
      if (!after) continue;
      changes.push({
        kind: record ? "MODIFY" : "INSERT",
        before: record && toItem(record),
        after: toItem(after),
        expired: false,
      });
      record = after;
    }
  }
  return { record, changes };
}

/** The item in which a record is stored. */
export function toItem(record: ImageRecord): Record<string, unknown> {
  const { ownerId, imageId, ...attributes } = record;
  return { ...itemKey({ ownerId, imageId }), ...attributes };
}
