import {
  apiConfig,
  cdnConfig,
  commonConfig,
  endpointUrl,
  loadConfig,
} from "@shoebox/shared/config";
import { z } from "zod";

/** What the functions of the search service are told by their environment; nothing else reads it. */
export const config = loadConfig({
  ...commonConfig,
  ...apiConfig,
  ...cdnConfig,
  AWS_REGION: z.string().min(1),
  OPENSEARCH_ENDPOINT: endpointUrl,
  /** What indexes are made with from now on: an index that is there takes it up by a rebuild. */
  INDEX_SHARDS: z.coerce.number().int().positive(),
  INDEX_REPLICAS: z.coerce.number().int().nonnegative(),
  REBUILDS_TABLE: z.string().min(1),
  /** Names of the queues of due steps and of replayed events. */
  STEPS_QUEUE: z.string().min(1),
  REPLAYED_QUEUE: z.string().min(1),
  /** The bus, its archive, and the rule that replayed events go to. */
  BUS_ARN: z.string().min(1),
  ARCHIVE_ARN: z.string().min(1),
  REPLAY_RULE_ARN: z.string().min(1),
  /** Until an event is in the archive for certain; AWS advises ten minutes. */
  ARCHIVE_LAG_SECONDS: z.coerce.number().nonnegative(),
});
