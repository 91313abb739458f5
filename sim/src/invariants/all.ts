import { deletedStaysDeleted } from "./deletions.ts";
import { lastEditHolds } from "./edits.ts";
import { indexEqualsCatalog } from "./index-equals-catalog.ts";
import { linksEqualTags } from "./links.ts";
import { originalsAreReferredTo, renditionsAreReferredTo } from "./objects.ts";
import { contentsAreThere, quotasEqualUploads } from "./quotas.ts";
import type { Invariant } from "./state.ts";
import { uploadsEnd } from "./uploads.ts";

/** What holds when the world has come to rest, whatever went wrong before. */
export const invariants: Record<string, Invariant> = {
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
};
