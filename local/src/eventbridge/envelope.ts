import { randomUUID } from "node:crypto";
import type { Arns } from "./arns.ts";

/** An event on its way over a bus: its JSON text (what is archived and delivered) and the same parsed (what patterns see). */
export interface BusEvent {
  id: string;
  /** The event's own time in milliseconds; the envelope shows whole seconds. */
  time: number;
  body: string;
  parsed: Record<string, unknown>;
}

export interface EventContent {
  source: string;
  detailType: string;
  /** A JSON object as text: embedded as it came, so that no number or key order changes on the way. */
  detail: string;
  resources: string[];
  time: number;
}

/** Milliseconds as the envelope writes them: ISO 8601 in UTC, whole seconds. */
function envelopeTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, -5)}Z`;
}

/** Wraps the content into the documented envelope, with a new id. `detail` must be valid JSON. */
export function newEvent(content: EventContent, arns: Arns): BusEvent {
  const id = randomUUID();
  const head = {
    version: "0",
    id,
    "detail-type": content.detailType,
    source: content.source,
    account: arns.accountId,
    time: envelopeTime(content.time),
    region: arns.region,
    resources: content.resources,
  };
  return {
    id,
    time: content.time,
    body: `${JSON.stringify(head).slice(0, -1)},"detail":${content.detail}}`,
    parsed: { ...head, detail: JSON.parse(content.detail) },
  };
}

/** The event as a replay sends it: the same id, time and detail, and a top-level `replay-name`. */
export function replayedEvent(body: string, time: number, replayName: string): BusEvent {
  const replayed = `${body.slice(0, -1)},"replay-name":${JSON.stringify(replayName)}}`;
  const parsed = JSON.parse(replayed) as Record<string, unknown>;
  return { id: String(parsed.id), time, body: replayed, parsed };
}
