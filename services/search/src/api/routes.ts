import type { Route } from "@shoebox/shared/http/api";
import { completeTags } from "./complete-tags.ts";
import type { SearchDeps } from "./deps.ts";
import { getIndex } from "./get-index.ts";
import { search } from "./search.ts";

export const routes: Route<SearchDeps>[] = [search, completeTags, getIndex];
