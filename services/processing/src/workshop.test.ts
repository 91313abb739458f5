import { loadConfig } from "@shoebox/shared/config";
import { expect, it } from "vitest";
import { eicarScanner } from "./pipeline/eicar-scanner.ts";
import { memoryStorage } from "./pipeline/workshop.testkit.ts";
import { createWorkshop, workshopConfig } from "./workshop.ts";

const { reader: originals, renditions } = memoryStorage();
const workshop = (changes: Record<string, string> = {}) =>
  createWorkshop(loadConfig(workshopConfig, changes), {
    originals,
    renditions,
  });

it("a deployment that says nothing gets the default preset, no AVIF, and the built-in scanner", () => {
  const { preset, scanner, limits } = workshop();
  expect(preset.name).toBe("default");
  expect(preset.renditions.some((rendition) => rendition.format === "avif")).toBe(false);
  expect(scanner).toBe(eicarScanner);
  expect(limits).toEqual({ maxBytes: 524_288_000, maxPixels: 100_000_000, timeoutSeconds: 30 });
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
  expect(() => workshop({ MAX_PIXELS: "many" })).toThrow("MAX_PIXELS");
});
