import { type Logger as PinoLogger, pino } from "pino";

export type Logger = PinoLogger<"metric">;

/** Measurements are lines of a level of their own, above all others: no choice of a level loses them. */
export const metricLevel = { customLevels: { metric: 100 } } as const;

/**
 * A logger of JSON lines: constant messages, data in fields. Children carry `correlationId`,
 * `eventId`, `imageId`. What could let somebody in is blotted out wherever it appears by name.
 */
export function createLogger(service: string, level = "info"): Logger {
  return pino({
    level,
    ...metricLevel,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: [
        "authorization",
        "headers.authorization",
        "headers.Authorization",
        "token",
        "*.token",
      ],
      censor: "[redacted]",
    },
  });
}
