import { DEFAULT_BUS } from "./arns.ts";
import type { Bridge } from "./bridge.ts";
import { type BusEvent, newEvent } from "./envelope.ts";
import { EventBridgeError, validation } from "./errors.ts";
import {
  allowOnly,
  isParameters,
  optionalList,
  optionalText,
  optionalTime,
  type Parameters,
  textList,
} from "./parameters.ts";
import { publish } from "./publish.ts";

const MAXIMUM_ENTRIES = 10;
/** The entries of one request must be smaller than this together. */
const MAXIMUM_BYTES = 1_048_576;

/** An event of the local cloud itself, such as S3's, which PutEvents would refuse for its source. */
export interface EmittedEntry {
  source: string;
  detailType: string;
  detail: object;
  resources?: string[];
  /** Milliseconds; now when left out. */
  time?: number;
  /** `default` when left out. */
  eventBusName?: string;
}

/** The documented size of an entry: 14 bytes for Time, and the UTF-8 bytes of source, detail type, detail and resources. */
function entrySize(entry: Parameters): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail];
  if (Array.isArray(entry.Resources)) texts.push(...entry.Resources);
  const bytes = texts.map((text) => (typeof text === "string" ? Buffer.byteLength(text) : 0));
  const time = entry.Time === undefined || entry.Time === null ? 0 : 14;
  return bytes.reduce((sum, each) => sum + each, time);
}

function requiredArgument(entry: Parameters, name: string): string {
  const value = optionalText(entry, name, MAXIMUM_BYTES);
  if (value !== undefined && value !== "") return value;
  throw new EventBridgeError(
    "InvalidArgument",
    `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  );
}

/** The nesting that AWS's JSON reader goes along with; far below what would exhaust the stack here. */
const MAXIMUM_DEPTH = 1000;

function isNestedDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isNestedDeeper(inner, depth - 1));
}

/** The detail as it came, once it is known to be a JSON object. */
function checkedDetail(entry: Parameters): string {
  const detail = requiredArgument(entry, "Detail");
  try {
    const parsed: unknown = JSON.parse(detail);
    if (isParameters(parsed) && !isNestedDeeper(parsed, MAXIMUM_DEPTH)) return detail;
  } catch {
    // Told below, with the same words as for JSON that is not an object.
  }
  throw new EventBridgeError("MalformedDetail", "Detail is malformed.");
}

function busOf(bridge: Bridge, nameOrArn: string | undefined): string {
  const name = bridge.arns.busName(nameOrArn ?? DEFAULT_BUS);
  if (bridge.routes.of(name) !== undefined) return name;
  throw new EventBridgeError(
    "InvalidArgument",
    `Parameter EventBusName is not valid. Reason: Event bus ${name} does not exist.`,
  );
}

/** Makes the event of one entry, or throws the error that its result shall carry. */
function acceptEntry(bridge: Bridge, entry: Parameters): { bus: string; event: BusEvent } {
  const source = requiredArgument(entry, "Source");
  const detailType = requiredArgument(entry, "DetailType");
  const detail = checkedDetail(entry);
  if (source.startsWith("aws.")) {
    throw new EventBridgeError("NotAuthorizedForSourceException", "Not authorized for the source.");
  }
  const bus = busOf(bridge, optionalText(entry, "EventBusName"));
  const resources = textList(entry, "Resources") ?? [];
  const time = optionalTime(entry, "Time") ?? bridge.now();
  return { bus, event: newEvent({ source, detailType, detail, resources, time }, bridge.arns) };
}

/**
 * PutEvents. Answers after all accepted entries are stored with their deliveries. A bad entry fails alone; an entry for a bus that
 * does not exist fails too, where AWS answers success and drops the event.
 */
export function putEvents(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["Entries"], "PutEvents");
  const entries = (optionalList(input, "Entries") ?? []).map((entry) => {
    if (!isParameters(entry)) throw validation("Parameter Entries must be a list of entries.");
    allowOnly(
      entry,
      ["Time", "Source", "Resources", "DetailType", "Detail", "EventBusName"],
      "a PutEvents entry",
    );
    return entry;
  });
  if (entries.length === 0 || entries.length > MAXIMUM_ENTRIES) {
    throw validation(
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to ${MAXIMUM_ENTRIES} and greater than or equal to 1`,
    );
  }
  if (entries.reduce((sum, entry) => sum + entrySize(entry), 0) >= MAXIMUM_BYTES) {
    throw validation("Total size of the entries in the request is over the limit.");
  }
  const accepted: { bus: string; event: BusEvent }[] = [];
  const results = entries.map((entry) => {
    try {
      const made = acceptEntry(bridge, entry);
      accepted.push(made);
      return { EventId: made.event.id };
    } catch (error) {
      if (!(error instanceof EventBridgeError)) throw error;
      const code = error.type === "ValidationException" ? "InvalidArgument" : error.type;
      return { ErrorCode: code, ErrorMessage: error.message };
    }
  });
  publish(bridge, accepted);
  return { FailedEntryCount: results.length - accepted.length, Entries: results };
}

/** Accepts an event of the local cloud itself (any source). Stored when it returns. Throws when the bus does not exist. */
export function emitEntry(bridge: Bridge, entry: EmittedEntry): { eventId: string } {
  const bus = busOf(bridge, entry.eventBusName);
  const event = newEvent(
    {
      source: entry.source,
      detailType: entry.detailType,
      detail: JSON.stringify(entry.detail),
      resources: entry.resources ?? [],
      time: Math.round(entry.time ?? bridge.now()),
    },
    bridge.arns,
  );
  publish(bridge, [{ bus, event }]);
  return { eventId: event.id };
}
