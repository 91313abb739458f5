import { useEffect, useRef } from "react";

/** What keys do, by `KeyboardEvent.key`; answering false leaves the key to the browser. */
export type Shortcuts = Record<string, (event: KeyboardEvent) => unknown>;

const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable]";

/** Keys for the whole page, but not for somebody who writes into a field, and not with Ctrl, Alt or Meta. */
export function useShortcuts(shortcuts: Shortcuts, enabled = true): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    if (!enabled) return;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.target instanceof Element && event.target.closest(FIELDS)) return;
      // What lies over the page has the keys for itself.
      if (document.querySelector("dialog[open], [popover]:popover-open")) return;
      const run = current.current[event.key];
      if (run && run(event) !== false) event.preventDefault();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [enabled]);
}
