import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allEvents } from "./all.ts";
import type { ServiceName } from "./define.ts";

/** A JSON document: what the contracts are published as. */
type Document = Record<string, unknown>;

const BUS = "The service's custom EventBridge bus; at least once, in no order.";

/** A file name (without folder) → the JSON Schema of one event's `detail`. */
export function jsonSchemas(): Record<string, Document> {
  return Object.fromEntries(
    allEvents.map((event) => {
      const title = `${event.type} v${event.version}`;
      return [
        `${event.type}.v${event.version}.json`,
        { title, ...(event.jsonSchema() as Document) },
      ];
    }),
  );
}

/**
 * The contracts of one service for EventBridge's schema registry: JSON Schema draft 4, each of the whole
 * event as a rule's target receives it, which is what code is generated from. A breaking version stands
 * beside the one before under a name of its own, as it does on the bus.
 */
export function registrySchemas(
  producer: ServiceName,
): { name: string; description: string; schema: Document }[] {
  return allEvents
    .filter((event) => event.producer === producer)
    .map((event) => {
      const { $schema, ...detail } = event.jsonSchema("draft-04") as Document;
      const schema = {
        $schema,
        title: nameOf(event),
        type: "object",
        required: ["id", "source", "detail-type", "time", "detail"],
        properties: {
          version: { type: "string" },
          id: { type: "string" },
          "detail-type": { type: "string", enum: [event.type] },
          source: { type: "string", enum: [event.source] },
          account: { type: "string" },
          time: { type: "string", format: "date-time" },
          region: { type: "string" },
          resources: { type: "array", items: { type: "string" } },
          detail,
        },
      };
      // AWS's own names: the source, then what happened.
      const name = `${event.source}@${nameOf(event)}`;
      return {
        name,
        description: `${event.type}, version ${event.version}, of the ${producer} service`,
        schema,
      };
    });
}

/** One AsyncAPI 3.0 document of everything that crosses the bus, each message as EventBridge's envelope. */
export function asyncApi(): Document {
  const messages = Object.fromEntries(
    allEvents.map((event) => {
      const { $schema: _dialect, ...detail } = event.jsonSchema() as Document;
      const payload = {
        type: "object",
        required: ["source", "detail-type", "detail"],
        properties: {
          source: { const: event.source },
          "detail-type": { const: event.type },
          detail,
        },
      };
      const name = nameOf(event);
      const { type: title, summary } = event;
      const contentType = "application/json";
      return [name, { name, title, summary, contentType, payload, examples: samplesOf(name) }];
    }),
  );
  const producers = [...new Set(allEvents.map((event) => event.producer))];
  return {
    asyncapi: "3.0.0",
    info: { title: "Shoebox events", version: "1", license: { name: "Apache-2.0" } },
    defaultContentType: "application/json",
    channels: {
      bus: {
        address: "shoebox",
        description: BUS,
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
      },
    },
    operations: Object.fromEntries(
      producers.map((producer) => [
        `${producer}Publishes`,
        {
          action: "send",
          channel: { $ref: "#/channels/bus" },
          summary: `What the ${producer} service publishes`,
          messages: allEvents
            .filter((event) => event.producer === producer)
            .map((event) => ({ $ref: `#/channels/bus/messages/${nameOf(event)}` })),
        },
      ]),
    ),
    components: { messages },
  };
}

/** The frozen samples of an event, as they are on the bus. */
function samplesOf(name: string): { name: string; payload: unknown }[] {
  const text = readFileSync(join(import.meta.dirname, "samples", `${name}.json`), "utf8");
  const samples = Object.entries(JSON.parse(text) as Record<string, unknown>);
  return samples.map(([sample, payload]) => ({ name: sample, payload }));
}

function nameOf(event: { type: string; version: number }): string {
  return `${event.type}.v${event.version}`;
}
