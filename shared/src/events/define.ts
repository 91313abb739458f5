import { z } from "zod";

export type ServiceName = "upload" | "catalog" | "processing" | "search";

/** What every event of ours says about itself (design §4). Times are ISO 8601 in UTC. */
export const EventMetadata = z.object({
  eventId: z.uuid(),
  occurredAt: z.iso.datetime(),
  correlationId: z.string().min(1),
  causationId: z.string().optional(),
  schemaVersion: z.number().int().positive(),
  producer: z.string(),
});
export type EventMetadata = z.infer<typeof EventMetadata>;

/** A fact as it is put on the bus. */
export interface DomainEvent<T extends string = string, D = unknown> {
  source: string;
  detailType: T;
  detail: { metadata: EventMetadata; data: D };
}

/** The EventBridge envelope as a consumer receives it, through SQS. */
export const Envelope = z.object({
  id: z.string(),
  source: z.string(),
  "detail-type": z.string(),
  time: z.string(),
  detail: z.unknown(),
  "replay-name": z.string().optional(),
});
export type Envelope = z.infer<typeof Envelope>;

/** What a consumer needs to know of any event, ours or AWS's: how to recognise and how to read it. */
export interface ReadableEvent<E> {
  source: string;
  type: string;
  /** Of the schema; AWS's own events have none. */
  version?: number;
  /** Throws on what does not fit; the consumer turns that into a failed message with its reason. */
  parse(envelope: Envelope): E;
}

export interface EventDefinition<T extends string, S extends z.ZodType>
  extends ReadableEvent<DomainEvent<T, z.infer<S>>["detail"]> {
  type: T;
  producer: ServiceName;
  version: number;
  /** What has happened, in a sentence of the documentation. */
  summary?: string;
  data: S;
  make(metadata: NewMetadata, data: z.input<S>): DomainEvent<T, z.infer<S>>;
  /** Of its `detail`. Draft 4 is what EventBridge's schema registry takes. */
  jsonSchema(dialect?: "draft-2020-12" | "draft-04"): unknown;
}

export type NewMetadata = Omit<EventMetadata, "schemaVersion" | "producer">;

/**
 * Declares an event once: from it come the type, the parser, the rule pattern and the JSON Schema.
 * Additive change keeps the version; a breaking one is a new definition published beside the old.
 * Unknown fields are dropped by the parser, so that consumers outlive additions; the JSON Schema is
 * that of the input for the same reason, the output's would forbid them.
 */
export function defineEvent<T extends string, S extends z.ZodType>(declaration: {
  type: T;
  producer: ServiceName;
  version: number;
  summary?: string;
  data: S;
}): EventDefinition<T, S> {
  const source = `shoebox.${declaration.producer}`;
  const detail = z.object({
    metadata: EventMetadata.extend({ schemaVersion: z.literal(declaration.version) }),
    data: declaration.data,
  });
  return {
    ...declaration,
    source,
    parse: (envelope) =>
      detail.parse(envelope.detail) as { metadata: EventMetadata; data: z.infer<S> },
    make: (metadata, data) => ({
      source,
      detailType: declaration.type,
      // What a consumer would refuse must fail here, where there is one to see it, and not on the bus.
      detail: detail.parse({
        metadata: {
          ...metadata,
          schemaVersion: declaration.version,
          producer: declaration.producer,
        },
        data,
      }) as { metadata: EventMetadata; data: z.infer<S> },
    }),
    jsonSchema: (target = "draft-2020-12") => z.toJSONSchema(detail, { io: "input", target }),
  };
}

/** An EventBridge rule pattern. */
export interface RulePattern {
  source: string[];
  "detail-type": string[];
  "replay-name"?: { exists: boolean }[];
  detail?: Record<string, unknown>;
}

/**
 * The pattern of a rule that wants these events live. Replayed ones carry a `replay-name` and are
 * for the rule that asked for the replay alone. A new version of an event, published beside the old,
 * does not reach those who only know the old.
 */
export function livePattern(
  events: { source: string; type: string; version?: number }[],
): RulePattern {
  const versions = new Set(events.map((event) => event.version));
  const [version] = versions;
  if (versions.size !== 1) {
    throw new Error("The events of one rule must have one version; other versions take another.");
  }
  return {
    source: [...new Set(events.map((event) => event.source))],
    "detail-type": [...new Set(events.map((event) => event.type))],
    "replay-name": [{ exists: false }],
    ...(version !== undefined && { detail: { metadata: { schemaVersion: [version] } } }),
  };
}

/** The pattern of a rule that wants these events only when they are replayed to it. */
export function replayPattern(
  events: { source: string; type: string; version?: number }[],
): RulePattern {
  return { ...livePattern(events), "replay-name": [{ exists: true }] };
}
