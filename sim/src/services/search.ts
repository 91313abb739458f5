import { createEventArchive } from "@shoebox/search/adapters/event-archive";
import { createImagesSearch } from "@shoebox/search/adapters/images-search";
import { createIndexAdmin } from "@shoebox/search/adapters/index-admin";
import { createIndexStatusReader } from "@shoebox/search/adapters/index-status";
import { createIndexWriter } from "@shoebox/search/adapters/index-writer";
import { createJobsTable } from "@shoebox/search/adapters/jobs-table";
import { createSnapshotsTable } from "@shoebox/search/adapters/snapshots-table";
import { routes } from "@shoebox/search/api/routes";
import { projectImages } from "@shoebox/search/consumers/project-images";
import { projectReplayed } from "@shoebox/search/consumers/replayed-images";
import { takeSnapshotPages } from "@shoebox/search/consumers/snapshot-pages";
import { takeSteps } from "@shoebox/search/jobs/take-step";
import { toEvents } from "@shoebox/search/publish";
import { createIdempotencyTable } from "@shoebox/shared/aws/idempotency-table";
import { createQueue } from "@shoebox/shared/aws/queue";
import { createApi } from "@shoebox/shared/http/api";
import { apiFunction } from "./api-function.ts";
import {
  type ColdStarts,
  deadLetters,
  plainCdn,
  relay,
  type Surroundings,
  silent,
} from "./surroundings.ts";

/** The functions of the search service, each as its file under `functions/` wires it. */
export function searchFunctions(world: Surroundings): ColdStarts {
  const log = silent("search");
  const environment = world.environment("search");
  const table = environment.REBUILDS_TABLE ?? "";
  const size = {
    shards: Number(environment.INDEX_SHARDS),
    replicas: Number(environment.INDEX_REPLICAS),
  };
  const service = () => ({
    log,
    admin: createIndexAdmin(world.search, size),
    jobs: createJobsTable(world.documents, table),
    snapshots: createSnapshotsTable(world.documents, table),
    archive: createEventArchive(
      {
        archiveArn: environment.ARCHIVE_ARN ?? "",
        busArn: environment.BUS_ARN ?? "",
        ruleArn: environment.REPLAY_RULE_ARN ?? "",
      },
      world.events,
    ),
    steps: createQueue(environment.STEPS_QUEUE ?? "", world.sqs),
    replayed: createQueue(environment.REPLAYED_QUEUE ?? "", world.sqs),
    limits: { archiveLag: Number(environment.ARCHIVE_LAG_SECONDS) * 1_000 },
    search: createImagesSearch(world.search),
    indexStatus: createIndexStatusReader(world.search),
    writer: createIndexWriter(world.search, size),
    deadLetters: deadLetters("search", world),
    now: world.now,
    pause: world.pause,
  });

  return {
    api: () => {
      const deps = { ...service(), cdn: plainCdn };
      const idempotency = createIdempotencyTable(world.documents, table);
      const { now } = world;
      const api = createApi({ routes, deps, log, corsOrigins: [], idempotency, now });
      return apiFunction(api, () => crypto.randomUUID());
    },
    relay: relay("search", toEvents, world),
    projector: () => projectImages(service()),
    "rebuild-projector": () => projectReplayed(service()),
    "rebuild-pages": () => takeSnapshotPages(service()),
    rebuild: () => takeSteps(service()),
  };
}
