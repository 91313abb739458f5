import { createImagesSearch } from "@shoebox/search/adapters/images-search";
import { createIndexStatusReader } from "@shoebox/search/adapters/index-status";
import { createIndexWriter } from "@shoebox/search/adapters/index-writer";
import { routes } from "@shoebox/search/api/routes";
import { projectImages } from "@shoebox/search/consumers/project-images";
import { createApi } from "@shoebox/shared/http/api";
import { apiFunction } from "./api-function.ts";
import {
  type ColdStarts,
  deadLetters,
  plainCdn,
  type Surroundings,
  silent,
} from "./surroundings.ts";

/** The functions of the search service, each as its file under `functions/` wires it. */
export function searchFunctions(world: Surroundings): ColdStarts {
  const log = silent("search");
  const service = () => ({
    log,
    search: createImagesSearch(world.search),
    indexStatus: createIndexStatusReader(world.search),
    writer: createIndexWriter(world.search),
    deadLetters: deadLetters("search", world),
    now: world.now,
    pause: world.pause,
  });

  return {
    api: () => {
      const deps = { ...service(), cdn: plainCdn };
      const api = createApi({ routes, deps, log, corsOrigins: [], now: world.now });
      return apiFunction(api, () => crypto.randomUUID());
    },
    projector: () => projectImages(service()),
  };
}
