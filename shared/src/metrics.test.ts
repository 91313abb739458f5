import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { rememberingLog } from "./log.testkit.ts";
import { METRICS_NAMESPACE, type MetricName, measure, metrics, rejectReasons } from "./metrics.ts";

/**
 * The embedded metric format as its specification has it (CloudWatch User Guide, "Specification:
 * Embedded metric format"), with the limits it names.
 */
const specification = {
  type: "object",
  required: ["_aws"],
  properties: {
    _aws: {
      type: "object",
      additionalProperties: false,
      required: ["Timestamp", "CloudWatchMetrics"],
      properties: {
        Timestamp: { type: "integer", minimum: 0 },
        CloudWatchMetrics: {
          type: "array",
          minItems: 1,
          items: {
            type: "object",
            additionalProperties: false,
            required: ["Namespace", "Dimensions", "Metrics"],
            properties: {
              Namespace: { type: "string", minLength: 1, maxLength: 1024 },
              Dimensions: {
                type: "array",
                minItems: 1,
                items: {
                  type: "array",
                  minItems: 1,
                  maxItems: 30,
                  items: { type: "string", minLength: 1, maxLength: 250 },
                },
              },
              Metrics: {
                type: "array",
                minItems: 1,
                maxItems: 100,
                items: {
                  type: "object",
                  additionalProperties: false,
                  required: ["Name"],
                  properties: {
                    Name: { type: "string", minLength: 1, maxLength: 1024 },
                    Unit: { enum: ["Count", "Milliseconds"] },
                    StorageResolution: { enum: [1, 60] },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};
const fits = new Ajv2020().compile(specification);

interface Document extends Record<string, unknown> {
  _aws: {
    Timestamp: number;
    CloudWatchMetrics: {
      Dimensions: string[][];
      Metrics: { Name: string; Unit: string }[];
    }[];
  };
}

/** The lines that a measurement writes, each of them proven to be a document that CloudWatch reads. */
function written(
  ...[values, about]: [Parameters<typeof measure>[1], Parameters<typeof measure>[2]?]
) {
  const { log, lines } = rememberingLog();
  measure(log.child({ correlationId: "c-1" }), values, about);
  for (const line of lines as Document[]) {
    fits(line);
    expect(fits.errors).toBeNull();
    for (const { Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
      for (const name of Dimensions.flat()) expect(line[name]).toMatch(/^.{1,1024}$/);
      for (const { Name } of Metrics) {
        const all = [line[Name]].flat();
        expect(all.length).toBeLessThanOrEqual(100);
        for (const value of all) expect(value).toBeTypeOf("number");
      }
    }
    expect(JSON.stringify(line).length).toBeLessThan(262_144);
  }
  return lines as Document[];
}

describe("a measurement", () => {
  it("is one line of the log, with its time, its unit and the service as its only dimension", () => {
    const lines = written({ TimeToReady: 812, EventsSetAside: 1 }, { now: 1_795_000_000_000 });
    expect(lines).toEqual([
      expect.objectContaining({
        service: "test",
        correlationId: "c-1",
        TimeToReady: 812,
        EventsSetAside: 1,
        _aws: {
          Timestamp: 1_795_000_000_000,
          CloudWatchMetrics: [
            {
              Namespace: METRICS_NAMESPACE,
              Dimensions: [["service"]],
              Metrics: [
                { Name: "TimeToReady", Unit: "Milliseconds" },
                { Name: "EventsSetAside", Unit: "Count" },
              ],
            },
          ],
        },
      }),
    ]);
  });

  it("by reason is counted for its reason and for all of them together", () => {
    const [line] = written({ UploadsRejected: 1 }, { reason: "infected" });
    expect(line).toMatchObject({ reason: "infected" });
    expect(line?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([
      ["service"],
      ["service", "reason"],
    ]);
  });

  it("knows a bounded set of reasons, whatever it is given", () => {
    const [line] = written({ UploadsRejected: 1 }, { reason: "ann@example.org" });
    expect(line).toMatchObject({ reason: "other" });
    expect(JSON.stringify(line)).not.toContain("ann");
    expect(rejectReasons).toContain("other");
  });

  it("of many values loses none: a document has a hundred of each at most", () => {
    const lags = Array.from({ length: 250 }, (_, index) => index);
    const lines = written({ ProjectorLag: lags, TimeToSearchable: [7] });
    expect(lines.map((line) => [line.ProjectorLag].flat().length)).toEqual([100, 100, 50]);
    expect(lines.flatMap((line) => line.ProjectorLag)).toEqual(lags);
    expect(lines.map((line) => line.TimeToSearchable)).toEqual([7, undefined, undefined]);
  });

  it("of nothing writes nothing", () => {
    expect(written({ RelayLag: [] })).toEqual([]);
  });

  it("is written at every level of the log but silence", () => {
    const { log, lines } = rememberingLog();
    log.level = "fatal";
    measure(log, { RelayLag: 1 });
    expect(lines).toHaveLength(1);
    log.level = "silent";
    measure(log, { RelayLag: 1 });
    expect(lines).toHaveLength(1);
  });
});

it("every metric says who measures it", () => {
  for (const name of Object.keys(metrics) as MetricName[]) {
    expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(metrics[name].services.length).toBeGreaterThan(0);
  }
});
