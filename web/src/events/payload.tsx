import { useState } from "react";

/** JSON that is folded until somebody wants to see it; text that is none is shown as it is. */
export function Payload({ text, label = "Payload" }: { text: string; label?: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="payload" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{label}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      {open && <pre tabIndex={0}>{highlighted(pretty(text))}</pre>}
    </details>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?)/g;

function highlighted(text: string) {
  const parts: (string | { key: number; kind: string; text: string })[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    parts.push(text.slice(end, match.index));
    const kind = match[2] !== undefined ? "json-key" : match[1] ? "json-text" : "json-value";
    parts.push({ key: match.index, kind, text: match[1] ?? match[0] });
    if (match[2] !== undefined) parts.push(match[2]);
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts.map((part) =>
    typeof part === "string" ? (
      part
    ) : (
      <span key={part.key} className={part.kind}>
        {part.text}
      </span>
    ),
  );
}
