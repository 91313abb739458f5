const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * When (ms) an upload is published again if its processing is not heard to have ended: an hour after
 * it was accepted, then 2, 4, 8, 16 hours after the reminder before, then daily. A queue's own
 * attempts take half an hour, so what is still open then was lost or waits among the dead letters.
 *
 * @param reminders how many there were
 */
export function nextReminder(reminders: number, now: number): number {
  return now + Math.min(HOUR * 2 ** reminders, DAY);
}

/** Milliseconds: what is still not processed after a day is somebody's work. */
export const OVERDUE = DAY;
