import { useRef } from "react";
import { IconButton } from "./icon-button.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

const shortcuts: [keys: string[], what: string][] = [
  [["/"], "Search"],
  [["←", "→", "↑", "↓"], "Go from photo to photo"],
  [["Enter"], "Open the photo"],
  [["Space"], "Select it; with Shift, all up to it"],
  [["Ctrl", "A"], "Select all that is loaded"],
  [["Esc"], "Close, or select nothing"],
  [["i"], "Details of the open photo"],
  [["+", "−", "0"], "Closer, further, whole"],
  [["d"], "Download the open photo"],
  [["Del"], "Delete the open or the selected photos"],
  [["?"], "This list"],
];

/** What the keys do, for who asks with `?`. */
export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  useShortcuts({ "?": () => dialog.current?.showModal() });
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="help">
      <header>
        <h2 id="help">Keys</h2>
        <IconButton icon="close" label="Close" onClick={() => dialog.current?.close()} />
      </header>
      <dl className="keys">
        {shortcuts.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
