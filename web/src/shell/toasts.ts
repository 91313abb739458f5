import { useSyncExternalStore } from "react";

/** A short message at the edge of the page, with at most one thing to do about it. */
export interface Toast {
  id: number;
  text: string;
  kind: "news" | "problem";
  action?: { label: string; run: () => void };
}

/** Milliseconds a message stays. */
const LASTS = 5_000;
const MOST = 3;

let toasts: Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

export function useToasts(): Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}

/** Shows a message; answers by what it can be dismissed. */
export function toast({
  text,
  kind = "news",
  action,
  lasts = LASTS,
}: Partial<Toast> & { text: string; lasts?: number }): number {
  last += 1;
  const id = last;
  set([...toasts, { id, text, kind, action }].slice(-MOST));
  setTimeout(() => dismiss(id), lasts);
  return id;
}

export function dismiss(id: number): void {
  set(toasts.filter((one) => one.id !== id));
}

function set(next: Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}
