/** Where a check goes on: whatever its store needs to know, as JSON. */
export type Cursor = Record<string, unknown>;

/** Something that is not as it should be: what it is about, by the names that find it, and why. */
export interface Finding {
  subject: Record<string, string | number>;
  why: string;
}

export interface Page<F extends Finding = Finding> {
  /** How many things were looked at. */
  looked: number;
  findings: F[];
  /** Absent at the end. */
  next?: Cursor;
}

/**
 * One question that a service asks about its own stores, a page at a time: memory is bounded, and
 * what is interrupted goes on at its cursor.
 */
export interface Check<F extends Finding = Finding> {
  name: string;
  page(cursor: Cursor | undefined): Promise<Page<F>>;
  /**
   * Puts it right, by conditions that hold only while it is still wrong; false when nothing was to be
   * done any more. A check without it reports: somebody else repairs, or a person decides.
   */
  repair?(finding: F): Promise<boolean>;
}

/** Milliseconds that a thing is left alone after it came to be: longer than anything is under way. */
export const GRACE = 86_400_000;
