import type { ImageKey, ImageRecord } from "./image-record.ts";

type Attributes = Omit<ImageRecord, keyof ImageKey>;
/** An attribute that a record may lack. */
export type Attribute = Exclude<keyof Attributes, "version" | "updatedAt" | "correlationId">;

/**
 * A fact as data: what must hold, and what it changes. The table's adapter turns it into one
 * conditional write; `apply` says what that write does. The two are tested against each other.
 */
export interface Write {
  /** The write is refused when one of these is there: how a fact is applied once, and never to a tombstone. */
  absent: Attribute[];
  /** The write is refused when one of these is not there. */
  present: Attribute[];
  /** The write is refused when one of these differs: how nothing is lost between reading and writing. */
  equals: Partial<Attributes>;
  /** The write is refused when one of these is as large already: how the newest fact wins. */
  below?: { turn: number };
  set: Partial<Omit<Attributes, "version">>;
  remove: Attribute[];
  /** Whether the image itself changes: then its version grows by one. */
  raise: boolean;
  /** Tag links that come and go with it, in the same transaction. */
  links?: { add: string[]; remove: string[] };
}

/** When and in the course of which request something happens. */
export interface Occasion {
  /** Milliseconds since the epoch. */
  now: number;
  correlationId: string;
}

export const isoTime = (ms: number): string => new Date(ms).toISOString();

/** Marks a change of the image with its time and its request. */
export function stamp(occasion: Occasion): Pick<ImageRecord, "updatedAt" | "correlationId"> {
  return { updatedAt: isoTime(occasion.now), correlationId: occasion.correlationId };
}

/** The record after the write, or undefined when the write is refused. */
export function apply(
  key: ImageKey,
  record: ImageRecord | undefined,
  write: Write,
): ImageRecord | undefined {
  const refused =
    write.absent.some((name) => record?.[name] !== undefined) ||
    write.present.some((name) => record?.[name] === undefined) ||
    Object.entries(write.equals).some(
      ([name, value]) => record?.[name as keyof Attributes] !== value,
    ) ||
    (write.below !== undefined && (record?.turn ?? -1) >= write.below.turn);
  if (refused) return undefined;
  const before = record ?? { ...key, version: 0, updatedAt: "", correlationId: "" };
  const after: ImageRecord = { ...before, version: before.version + (write.raise ? 1 : 0) };
  for (const name of write.remove) delete after[name];
  const given = Object.entries(write.set).filter(([, value]) => value !== undefined);
  return Object.assign(after, Object.fromEntries(given));
}
