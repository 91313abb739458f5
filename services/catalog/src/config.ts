import { authorizerConfig } from "@shoebox/shared/auth/authorizer";
import { commonConfig, endpointUrl, loadConfig } from "@shoebox/shared/config";
import { z } from "zod";

/** What the functions of the catalog are told by their environment; nothing else reads it. */
export const config = loadConfig({
  ...commonConfig,
  ...authorizerConfig,
  /** Exact origins, separated by commas. */
  CORS_ORIGINS: z
    .string()
    .default("")
    .transform((origins) => origins.split(",").filter((origin) => origin !== "")),
  IMAGES_TABLE: z.string().min(1),
  CDN_DOMAIN: endpointUrl,
  CDN_KEY_ID: z.string().min(1),
  /** Id of the secret that holds the private key (PEM) URLs are signed with. */
  CDN_KEY_SECRET: z.string().min(1),
});
