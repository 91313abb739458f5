import { stripVTControlCharacters } from "node:util";

/** Where a command writes: what it found goes to stdout, what moves only to a terminal. */
export interface Screen {
  /** A line for good. */
  say(line: string): void;
  /** A line that takes the place of the one before, until something is said. Without a terminal it is not shown. */
  show(line: string): void;
  /** Whether moving lines are seen. */
  live: boolean;
}

export function createScreen(out: NodeJS.WriteStream): Screen {
  let shown = false;
  const clear = () => {
    if (shown) out.write("\r\u001b[2K");
    shown = false;
  };
  return {
    live: out.isTTY === true,
    say(line) {
      clear();
      out.write(`${line}\n`);
    },
    show(line) {
      if (!out.isTTY) return;
      clear();
      out.write(fit(line, out.columns - 1));
      shown = true;
    },
  };
}

/** A line that wraps can't be taken back: what is too long loses its colours and its end. */
function fit(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length <= columns ? line : plain.slice(0, columns);
}
