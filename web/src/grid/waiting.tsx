import { sentenceOf } from "../library/use-edits.ts";
import { Icon } from "../shell/icon.tsx";

/** Widths of the grey pictures of a row, in shares. */
const shares = [
  [3, 2, 4, 3],
  [2, 4, 3, 2],
  [4, 2, 3, 4],
  [3, 3, 2, 4],
];

/** Rows as pictures will fill them, until they are there. */
export function Waiting({ rows = 4 }: { rows?: number }) {
  return (
    <div className="loading-rows" role="progressbar" aria-label="Loading photos">
      {shares.slice(0, rows).map((row) => (
        <div key={row.join()}>
          {row.map((share, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they never change.
            <span key={index} className="skeleton" style={{ flexGrow: share }} />
          ))}
        </div>
      ))}
      <p className="patience">This takes longer than usual…</p>
    </div>
  );
}

/** Why there is nothing to see, and a way to try again. */
export function Trouble({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <div className="trouble" role="alert">
      <Icon name="cloudOff" size={32} />
      <p>The photos can't be loaded: {sentenceOf(error)}</p>
      <button type="button" className="button" onClick={onRetry}>
        <Icon name="refresh" /> Try again
      </button>
    </div>
  );
}
