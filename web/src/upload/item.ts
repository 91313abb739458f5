/** One file on its way, as the tray shows it. */
export interface UploadItem {
  id: string;
  name: string;
  /** Bytes. */
  size: number;
  /** Bytes that are on the other side. */
  sent: number;
  state:
    | "waiting"
    | "sending"
    | "paused"
    /** All bytes are there; it is verified and renditions are made. */
    | "checking"
    | "done"
    /** It will never be a picture; `reason` says why. */
    | "rejected"
    /** It did not work and may be tried again. */
    | "failed";
  reason?: string;
  imageId?: string;
  /** An address of the file itself, to show it small. */
  preview?: string;
  caption: string;
}

export const isActive = ({ state }: UploadItem): boolean =>
  state === "waiting" || state === "sending" || state === "paused" || state === "checking";

/** How far all of it is: from 0 to 1, without what was refused. */
export function progressOf(items: UploadItem[]): number {
  const counted = items.filter(({ state }) => state !== "rejected");
  const size = counted.reduce((sum, item) => sum + item.size, 0);
  const sent = counted.reduce((sum, item) => sum + Math.min(item.sent, item.size), 0);
  return size === 0 ? 0 : sent / size;
}

/** What the tray is at, in a few words. */
export function summaryOf(items: UploadItem[]): string {
  const count = (...states: UploadItem["state"][]) =>
    items.filter(({ state }) => states.includes(state)).length;
  const active = items.filter(isActive).length;
  const stopped = count("rejected", "failed");
  if (active > 0) {
    const paused = count("paused");
    if (paused === active) return `Paused, ${count("done")} of ${items.length} done`;
    return `Uploading ${count("done") + stopped} of ${items.length}`;
  }
  const done = count("done");
  const uploaded = done === 1 ? "1 photo uploaded" : `${done} photos uploaded`;
  if (stopped === 0) return uploaded;
  return done === 0 ? `${stopped} not uploaded` : `${uploaded}, ${stopped} not`;
}
