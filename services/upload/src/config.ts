import { authorizerConfig } from "@shoebox/shared/auth/authorizer";
import { commonConfig, loadConfig } from "@shoebox/shared/config";
import { z } from "zod";

/** Everything the functions of this service are told. Throws when something is missing or wrong. */
export function loadUploadConfig(environment?: Record<string, string | undefined>) {
  return loadConfig(
    {
      ...commonConfig,
      UPLOADS_TABLE: z.string().min(1),
      ORIGINALS_BUCKET: z.string().min(1),
      /** Exact origins, comma-separated. */
      CORS_ORIGINS: z
        .string()
        .default("")
        .transform((origins) => origins.split(",").filter((origin) => origin !== "")),
    },
    environment,
  );
}

/** What the authorizer needs, and no more: it has no part in uploads. */
export function loadAuthorizerConfig(environment?: Record<string, string | undefined>) {
  return loadConfig({ ...commonConfig, ...authorizerConfig }, environment);
}
