import type { WriteStream } from "node:tty";
import { bytes } from "../words.ts";

/** How far files are, shown while they are on their way; takes itself away in the end. */
export interface Bars {
  /** @param of files altogether, where that is known */
  expect(files: number, size: number): void;
  set(name: string, loaded: number, total: number): void;
  done(name: string, size: number): void;
  /** Writes what stays, above the bars. */
  above(write: () => Promise<void>): Promise<void>;
  end(): void;
}

const WIDTH = 24;
/** Milliseconds between two pictures of the same thing. */
const PACE = 100;

/** Bars on a terminal; nothing elsewhere, where the lines of what is done say it. */
export function createBars(screen: WriteStream, shown: boolean): Bars {
  const active = new Map<string, { loaded: number; total: number }>();
  let [files, size, filesDone, sizeDone, lines] = [0, 0, 0, 0, 0];
  const begun = performance.now();

  const clear = () => {
    if (lines > 0) screen.write(`\x1b[${lines}A\x1b[J`);
    lines = 0;
  };
  const draw = () => {
    clear();
    const sent = sizeDone + [...active.values()].reduce((sum, { loaded }) => sum + loaded, 0);
    const rows = [...active].map(([name, { loaded, total }]) => row(loaded, total, name));
    const pace = bytes(sent / Math.max(0.001, (performance.now() - begun) / 1_000));
    if (files > 0) rows.push(row(sent, size, `${filesDone} of ${files} files, ${pace}/s`));
    const columns = screen.columns || 80;
    for (const text of rows) screen.write(`${text.slice(0, columns - 1)}\n`);
    lines = rows.length;
  };
  const timer = shown ? setInterval(draw, PACE) : undefined;
  timer?.unref();

  return {
    expect: (count, total) => {
      [files, size] = [files + count, size + total];
    },
    set: (name, loaded, total) => active.set(name, { loaded, total }),
    done: (name, total) => {
      active.delete(name);
      filesDone += 1;
      sizeDone += total;
    },
    above: async (write) => {
      if (shown) clear();
      await write();
    },
    end: () => {
      clearInterval(timer);
      if (shown) clear();
    },
  };
}

/** `[######------------------]  25 %  4.2 MB  harbour.jpg` */
function row(loaded: number, total: number, name: string): string {
  const share = total > 0 ? Math.min(1, loaded / total) : 0;
  const full = Math.round(share * WIDTH);
  const percent = `${Math.floor(share * 100)} %`.padStart(6);
  return `[${"#".repeat(full)}${"-".repeat(WIDTH - full)}]${percent}  ${bytes(total).padStart(7)}  ${name}`;
}
