import { useSyncExternalStore } from "react";
import { dismiss, toast } from "../shell/toasts.ts";

/** Milliseconds in which a deletion can be taken back. */
const UNDO_WITHIN = 6_000;

type Send = (how: { leaving: boolean }) => Promise<void>;

let discarded: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();
const waiting = new Set<{ send: Send; timer: ReturnType<typeof setTimeout> }>();

/** Pictures that are not shown any more: deleted, or about to be. */
export function useDiscarded(): ReadonlySet<string> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => discarded,
  );
}

/**
 * Hides pictures at once and deletes them a few seconds later, unless it is taken back until then. A
 * page that is closed meanwhile deletes them right away: that is what was asked for.
 */
export function discard(imageIds: string[], send: Send): void {
  change((set) => {
    for (const imageId of imageIds) set.add(imageId);
  });
  const restore = () =>
    change((set) => {
      for (const imageId of imageIds) set.delete(imageId);
    });
  const entry = { send, timer: setTimeout(() => void finish(), UNDO_WITHIN) };
  waiting.add(entry);
  const what = imageIds.length === 1 ? "Photo deleted" : `${imageIds.length} photos deleted`;
  const shown = toast({
    text: what,
    lasts: UNDO_WITHIN,
    action: {
      label: "Undo",
      run: () => {
        clearTimeout(entry.timer);
        waiting.delete(entry);
        restore();
      },
    },
  });

  async function finish() {
    waiting.delete(entry);
    dismiss(shown);
    try {
      await send({ leaving: false });
    } catch {
      restore();
      toast({ text: "Not deleted: the service can't be reached.", kind: "problem" });
    }
  }
}

addEventListener("pagehide", () => {
  for (const entry of waiting) {
    clearTimeout(entry.timer);
    void entry.send({ leaving: true });
  }
  waiting.clear();
});

function change(edit: (set: Set<string>) => void): void {
  const next = new Set(discarded);
  edit(next);
  discarded = next;
  for (const listener of listeners) listener();
}
