import { useState } from "react";
import type { Feed, Snapshot } from "./feed.ts";
import { count, rateOf } from "./words.ts";

const CONNECTION = {
  connecting: "Connecting…",
  live: "Live",
  lost: "The system is away; trying again every second",
};

/** What goes on as a whole, and what holds for all of the page. */
export function TopBar({ snapshot, feed }: { snapshot: Snapshot; feed: Feed }) {
  const { connection, paused, waiting, all, restarts } = snapshot;
  return (
    <header className="top">
      <h1>
        <a href="/" className="brand">
          Shoebox
        </a>
        <span className="brand-part">events</span>
      </h1>
      <p className={`connection connection-${paused ? "paused" : connection}`} role="status">
        <span className="connection-light" />
        {paused && connection === "live" ? "Paused" : CONNECTION[connection]}
        {restarts > 0 && connection === "live" && (
          <span className="restarts">
            {restarts === 1 ? "the system was started again" : `started again ${restarts} times`}
          </span>
        )}
      </p>
      <p className="numbers">
        <b>{count.format(all.total)}</b> events <b>{rateOf(all.rate)}</b>
      </p>
      <div className="top-actions">
        <button type="button" aria-pressed={paused} onClick={() => feed.pause(!paused)}>
          {paused ? `Resume${waiting > 0 ? ` (${count.format(waiting)})` : ""}` : "Pause"}
        </button>
        <button type="button" onClick={() => feed.clear()}>
          Clear
        </button>
        <ThemeButton />
        <a className="button" href="/docs">
          API
        </a>
      </div>
    </header>
  );
}

const KEY = "shoebox-theme";

/** Light or dark; `theme.js` applies the choice before the first paint of the next visit. */
function ThemeButton() {
  const [theme, setTheme] = useState(
    document.documentElement.dataset.theme ??
      (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"),
  );
  const other = theme === "dark" ? "light" : "dark";
  const turn = () => {
    document.documentElement.dataset.theme = other;
    setTheme(other);
    try {
      localStorage.setItem(KEY, other);
    } catch {
      // Storage is off: it holds for this visit.
    }
  };
  return (
    <button type="button" aria-label={`Use ${other} colours`} onClick={turn}>
      {theme === "dark" ? "☀" : "☾"}
    </button>
  );
}
