import type { ImageVersion } from "@shoebox/shared/http/version-token";
import type { SearchDeps } from "./api/deps.ts";

/** Milliseconds between two looks; the index makes what was written searchable once a second. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 500;

/**
 * Whether searches of this user know these versions of his images or later ones, deletions included,
 * within `wait` milliseconds. Gives up early when nobody waits for the answer any more.
 */
export async function awaitVersions(
  wanted: ImageVersion[],
  userId: string,
  wait: number,
  { search, now, pause }: Pick<SearchDeps, "search" | "now" | "pause">,
  signal: AbortSignal,
): Promise<boolean> {
  const until = now() + wait;
  const imageIds = [...new Set(wanted.map(({ imageId }) => imageId))];
  for (let length = FIRST_PAUSE; ; length = Math.min(length * 1.5, LONGEST_PAUSE)) {
    const known = await search.versions(imageIds, userId);
    if (wanted.every(({ imageId, version }) => (known.get(imageId) ?? 0) >= version)) return true;
    const left = until - now();
    if (left <= 0 || signal.aborted) return false;
    await pause(Math.min(length, left), signal).catch(() => undefined);
  }
}
