import { apiConfig, cdnConfig, commonConfig, loadConfig } from "@shoebox/shared/config";
import { z } from "zod";

/** What the functions of the catalog are told by their environment; nothing else reads it. */
export const config = loadConfig({
  ...commonConfig,
  ...apiConfig,
  ...cdnConfig,
  IMAGES_TABLE: z.string().min(1),
});
