import { loadConfig } from "@shoebox/shared/config";
import { expect, it } from "vitest";
import { processingConfig } from "./config.ts";
import { eicarScanner } from "./pipeline/eicar-scanner.ts";
import { memoryStorage } from "./pipeline/workshop.testkit.ts";
import { createWorkshop } from "./workshop.ts";

const environment = {
  SERVICE: "processing",
  BUS_NAME: "shoebox",
  CORS_ORIGINS: "https://a.example,https://b.example",
  OIDC_ISSUER: "https://issuer.example",
  OIDC_AUDIENCE: "shoebox",
  OIDC_JWKS_URI: "https://issuer.example/jwks",
  JOBS_TABLE: "jobs",
  ORIGINALS_BUCKET: "originals",
  PROCESSED_BUCKET: "processed",
};
const { reader: originals, renditions } = memoryStorage();
const workshop = (changes: Record<string, string> = {}) =>
  createWorkshop(loadConfig(processingConfig, { ...environment, ...changes }), {
    originals,
    renditions,
  });

it("a deployment that says nothing gets the default preset, no AVIF, and the built-in scanner", () => {
  const { preset, scanner, limits } = workshop();
  expect(preset.name).toBe("default");
  expect(preset.renditions.some((rendition) => rendition.format === "avif")).toBe(false);
  expect(scanner).toBe(eicarScanner);
  expect(limits).toEqual({ maxBytes: 104_857_600, maxPixels: 100_000_000, timeoutSeconds: 30 });
});

it("a deployment may choose AVIF, clamd and its limits", () => {
  const { preset, scanner, limits } = workshop({
    PRESET: "avif",
    CLAMD_HOST: "clamd",
    MAX_PIXELS: "50000000",
  });
  expect(preset.name).toBe("avif");
  expect(scanner).not.toBe(eicarScanner);
  expect(limits.maxPixels).toBe(50_000_000);
});

it("a wrong setting stops the service at its start", () => {
  expect(() => workshop({ PRESET: "huge" })).toThrow("PRESET");
  expect(() => workshop({ JOBS_TABLE: "" })).toThrow("JOBS_TABLE");
});
