import { deletedStaysDeleted } from "./deletions.ts";
import { lastEditHolds } from "./edits.ts";
import { indexEqualsCatalog } from "./index-equals-catalog.ts";
import { linksEqualTags } from "./links.ts";
import { originalsAreReferredTo, renditionsAreReferredTo } from "./objects.ts";
import { contentsAreThere, quotasEqualUploads } from "./quotas.ts";
import type { Invariant } from "./state.ts";
import { uploadsEnd } from "./uploads.ts";

/** What holds when the world has come to rest, whatever went wrong before. */
export const invariants = {
  "every item can be read": ({ unreadable }) => unreadable,
  "every accepted upload ends": uploadsEnd,
  "index = catalog": indexEqualsCatalog,
  "originals = what the catalog refers to": originalsAreReferredTo,
  "renditions = what the catalog refers to": renditionsAreReferredTo,
  "deleted stays deleted": deletedStaysDeleted,
  "links = tags": linksEqualTags,
  "quotas = what is stored": quotasEqualUploads,
  "contents = what is stored": contentsAreThere,
  "no edit is lost": lastEditHolds,
} satisfies Record<string, Invariant>;

/** What holds at every moment: nobody is shown what is not his, is gone, or is older than what he has seen. */
export const ANSWERS = "every answer is right";
/** At the end nothing waits in a queue or among the dead letters. */
export const MESSAGES = "every message ends";

export type InvariantName = keyof typeof invariants | typeof ANSWERS | typeof MESSAGES;

/** The invariant that a violation is of, without the names of its run. */
export function invariantOf(violation: string): string {
  return violation.split(":")[0] ?? "";
}
