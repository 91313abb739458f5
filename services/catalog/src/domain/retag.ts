import { AppError } from "@shoebox/shared/errors";
import { MAX_TAGS } from "@shoebox/shared/image";

/** The tags and those of `more` that are new, behind them. @throws AppError `invalid-request` when they become too many. */
export function withTags(tags: string[], more: string[]): string[] {
  const all = [...new Set([...tags, ...more])];
  if (all.length > MAX_TAGS) {
    throw new AppError("invalid-request", `The image would have more than ${MAX_TAGS} tags.`, {
      fields: [{ field: "tags", message: `at most ${MAX_TAGS - tags.length} more for this image` }],
    });
  }
  return all;
}

/** The tags that are not among `others`. */
export function withoutTags(tags: string[], others: string[]): string[] {
  return tags.filter((tag) => !others.includes(tag));
}
