import type { Route } from "@shoebox/shared/http/api";
import { cancelRebuild } from "./cancel-rebuild.ts";
import { completeTags } from "./complete-tags.ts";
import type { SearchDeps } from "./deps.ts";
import { getComparison } from "./get-comparison.ts";
import { getIndex } from "./get-index.ts";
import { getRebuild } from "./get-rebuild.ts";
import { listRebuilds } from "./list-rebuilds.ts";
import { rollBack } from "./roll-back.ts";
import { search } from "./search.ts";
import { startComparison } from "./start-comparison.ts";
import { startRebuild } from "./start-rebuild.ts";

export const routes: Route<SearchDeps>[] = [
  search,
  completeTags,
  ...getIndex,
  ...startRebuild,
  ...listRebuilds,
  ...getRebuild,
  ...cancelRebuild,
  ...rollBack,
  ...startComparison,
  ...getComparison,
];
