import { idOf } from "./letter.ts";
import { Payload } from "./payload.tsx";
import type { WireLetter } from "./wire.ts";
import { timeOf } from "./words.ts";

/** What could not be handled, and why. */
export function LetterList({
  letters,
  onOpen,
}: {
  letters: readonly WireLetter[];
  onOpen(id: string): void;
}) {
  return (
    <ul className="list letters">
      {letters.map((letter) => (
        <li key={letter.id}>
          <Letter letter={letter} onOpen={onOpen} />
        </li>
      ))}
    </ul>
  );
}

export function Letter({ letter, onOpen }: { letter: WireLetter; onOpen?: (id: string) => void }) {
  const id = idOf(letter);
  return (
    <article className="letter" aria-label={`Dead letter of ${letter.origin}`}>
      <h3>
        <span className="dot dot-dead" /> Dead letter
        <time>{timeOf(Date.parse(letter.at))}</time>
      </h3>
      <p className="letter-reason">{firstOf(letter.reason)}</p>
      <p className="row-sub">
        of <b>{letter.origin}</b>, in {letter.queue}
      </p>
      <div className="letter-more">
        <div>
          {letter.reason.length > LONGEST && (
            <Payload label="Reason in full" text={letter.reason} />
          )}
          <Payload text={letter.body} />
        </div>
        {id !== undefined && onOpen && (
          <button type="button" className="link" onClick={() => onOpen(id)}>
            History
          </button>
        )}
      </div>
    </article>
  );
}

const LONGEST = 140;

/** As much of a reason as one takes in at a glance. */
function firstOf(reason: string): string {
  const text = reason.replaceAll(/\s+/g, " ");
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST).trimEnd()}…`;
}
