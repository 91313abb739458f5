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
});
