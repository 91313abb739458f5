/** What the front door of a local system tells under `/dev`; local/README.md describes it. */

/** What the programs declare, as `GET /dev/map` tells it. */
export interface SystemMap {
  buses: { name: string; archiveDays?: number }[];
  services: Service[];
  cdn: { buckets: string[] };
}

export interface Service {
  name: string;
  path: string;
  does: string;
  tables: string[];
  buckets: { name: string; tells: boolean }[];
  indexes: string[];
  publishes: string[];
  relay?: { table: string; deadLetters: string };
  queues: RuleQueue[];
  schedules: { name: string; when: string; queue: string; deadLetters: string[] }[];
}

export interface RuleQueue {
  name: string;
  queue: string;
  bus: string;
  sources: string[];
  types: string[];
  replayed: boolean;
  batch: number;
  attempts: number;
  deadLetters: string[];
  changes: string[];
}

/** An envelope as `GET /dev/events` and `GET /dev/history/<id>` tell it; archived ones have no `queues`. */
export interface WireEvent {
  id: string;
  bus: string;
  /** Milliseconds. */
  at: number;
  queues?: string[];
  source: string;
  "detail-type": string;
  "replay-name"?: string;
  detail: Record<string, unknown>;
}

export interface WireLetter {
  id: string;
  queue: string;
  service: string;
  origin: string;
  at: string;
  reason: string;
  body: string;
}

export interface QueueDepth {
  queue: string;
  service: string;
  waiting: number;
  inFlight: number;
  deadLetters: boolean;
}

export async function tell<T>(path: string): Promise<T> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
  return (await response.json()) as T;
}
