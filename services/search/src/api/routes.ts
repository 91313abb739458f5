import type { Route } from "@shoebox/shared/http/api";
import type { SearchDeps } from "./deps.ts";
import { search } from "./search.ts";

export const routes: Route<SearchDeps>[] = [search];
