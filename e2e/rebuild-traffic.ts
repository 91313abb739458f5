import type { SearchPage, User } from "./client.ts";

/** What went wrong with searches, in words; empty when nothing did. */
export interface Watch {
  searches: number;
  faults: string[];
  /** Ends the searching and resolves when the last answer is there. */
  stop(): Promise<void>;
}

/** Searches by different orders and filters, all of which have to find everything that has the tag. */
const QUERIES = ["sort=newest", "sort=oldest", "q=%TAG%", "facets=tags,months"];

/**
 * Searches without a pause for all pictures with a tag (at most a hundred), and holds each answer
 * against what was seen before: none may fail; what is `steady` must be in each; what was seen may not
 * vanish unless it was `deleted`, may not come back, and may not grow older. A look begins after the
 * one before has ended, so what one has seen is there for the next.
 */
export function watchSearches(user: User, tag: string, steady: string[]): Watch {
  const versions = new Map<string, number>();
  const deleted = new Set<string>();
  const faults: string[] = [];
  const watch = { searches: 0, faults, deleted };
  let going = true;

  const look = async (query: string) => {
    const path = `/v1/search?tag=${tag}&limit=100&${query.replace("%TAG%", tag)}`;
    const { status, body } = await user.get<SearchPage>(path);
    watch.searches += 1;
    if (status !== 200) return void faults.push(`${path} answered ${status}`);
    const seen = new Map(body.items.map(({ imageId, version }) => [imageId, version]));
    for (const imageId of steady) if (!seen.has(imageId)) faults.push(`${imageId} was missed`);
    for (const [imageId, version] of seen) {
      if (deleted.has(imageId)) faults.push(`${imageId} came back`);
      const before = versions.get(imageId) ?? 0;
      if (version < before) faults.push(`${imageId} went from version ${before} to ${version}`);
      versions.set(imageId, version);
    }
    // What is gone is gone for good; whether it may be gone is known when all is over.
    for (const imageId of versions.keys()) if (!seen.has(imageId)) deleted.add(imageId);
  };
  const loop = async () => {
    for (let turn = 0; going; turn += 1) await look(QUERIES[turn % QUERIES.length] ?? "");
  };
  const ended = loop().catch((error: unknown) => {
    faults.push(`a search failed: ${error}`);
  });
  return {
    get searches() {
      return watch.searches;
    },
    faults,
    async stop() {
      going = false;
      await ended;
    },
  };
}
