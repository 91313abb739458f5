import { z } from "zod";

/**
 * Reads a service's configuration from the environment, once, at start. Throws one sentence that
 * names every variable that is missing or wrong; a function that can't be configured never runs.
 */
export function loadConfig<S extends z.ZodRawShape>(
  shape: S,
  environment: Record<string, string | undefined> = process.env,
): z.infer<z.ZodObject<S>> {
  const result = z.object(shape).safeParse(environment);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`The configuration is not valid: ${problems.join("; ")}`);
}

/**
 * A host as AWS names it (`search-….es.amazonaws.com`, `d111.cloudfront.net`) or a whole URL, which
 * is what a cluster or a CDN of one's own has. A bare host means HTTPS. No trailing slash comes out.
 */
export const endpointUrl = z
  .string()
  .min(1)
  .transform((value) => (value.includes("://") ? value : `https://${value}`))
  .pipe(z.url())
  .transform((value) => value.replace(/\/+$/, ""));

/** What every function of every service is told. */
export const commonConfig = {
  SERVICE: z.string().min(1),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  BUS_NAME: z.string().min(1),
} as const;

/** What a function with a REST API is told besides. */
export const apiConfig = {
  /** The service's own table of rate limits. */
  RATES_TABLE: z.string().min(1),
  /** Requests a second that one user may make for ever, and how many more than that at most in any time. */
  RATE_LIMIT: z.coerce.number().positive(),
  RATE_BURST: z.coerce.number().int().positive(),
  /** Exact origins of the pages that may call the API, separated by commas. */
  CORS_ORIGINS: z
    .string()
    .default("")
    .transform((origins) =>
      origins
        .split(",")
        .map((origin) => origin.trim())
        .filter((origin) => origin !== ""),
    ),
} as const;

/** What signs URLs for the CDN. */
export const cdnConfig = {
  CDN_DOMAIN: endpointUrl,
  CDN_KEY_ID: z.string().min(1),
  /** Id of the secret that holds the private key (PEM) URLs are signed with. */
  CDN_KEY_SECRET: z.string().min(1),
} as const;
