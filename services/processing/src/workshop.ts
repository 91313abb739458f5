import { createClamdScanner } from "./adapters/clamd-scanner.ts";
import type { ProcessingConfig } from "./config.ts";
import { presets } from "./domain/presets.ts";
import { eicarScanner } from "./pipeline/eicar-scanner.ts";
import type { Originals, RenditionStore } from "./pipeline/ports.ts";
import type { Workshop } from "./pipeline/step.ts";

/** Milliseconds without a byte from clamd. */
const CLAMD_SILENCE = 20_000;

/** The pipeline's tools as a deployment configures them. */
export function createWorkshop(
  config: ProcessingConfig,
  storage: { originals: Originals; renditions: RenditionStore },
): Workshop {
  const { CLAMD_HOST: host, CLAMD_PORT: port } = config;
  return {
    ...storage,
    scanner:
      host === undefined
        ? eicarScanner
        : createClamdScanner({ host, port, timeout: CLAMD_SILENCE }),
    preset: presets[config.PRESET],
    limits: {
      maxBytes: config.MAX_ORIGINAL_BYTES,
      maxPixels: config.MAX_PIXELS,
      timeoutSeconds: config.DECODE_TIMEOUT_SECONDS,
    },
  };
}
