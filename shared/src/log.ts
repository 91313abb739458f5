import { type Logger, pino } from "pino";

export type { Logger };

/**
 * A logger of JSON lines: constant messages, data in fields. Children carry `correlationId`,
 * `eventId`, `imageId`. What could let somebody in is blotted out wherever it appears by name.
 */
export function createLogger(service: string, level = "info"): Logger {
  return pino({
    level,
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
