import { type KeyboardEvent, useDeferredValue, useEffect, useId, useRef, useState } from "react";
import type { View } from "../library/view.ts";
import { Icon } from "../shell/icon.tsx";
import { useTags } from "../shell/tag-field.tsx";
import { cleanTag } from "../shell/tags.ts";
import { useShortcuts } from "../shell/use-shortcuts.ts";

/** Milliseconds without a key after which the search begins. */
const PAUSE = 180;

/** Words and tags to search for: words as one types, tags from a list. */
export function SearchBox({
  view,
  onChange,
}: {
  view: View;
  /** @param typing while somebody writes: no new entry in the browser's history then */
  onChange: (view: View, typing: boolean) => void;
}) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(view.q);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const told = useRef(view.q);
  const latest = useRef({ view, onChange });
  useEffect(() => {
    latest.current = { view, onChange };
  });

  // Back, forward, or a filter that was taken away: the address is right.
  useEffect(() => {
    if (view.q === told.current) return;
    told.current = view.q;
    setTyped(view.q);
  }, [view.q]);
  useEffect(() => {
    if (typed === told.current) return;
    const timer = setTimeout(() => {
      const began = told.current !== "";
      told.current = typed;
      const { view, onChange } = latest.current;
      onChange({ ...view, q: typed, sort: typed.trim() ? "relevance" : "newest" }, began);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);

  const lastWord = typed.split(/\s+/).at(-1) ?? "";
  const { data = [] } = useTags(useDeferredValue(cleanTag(lastWord)), open);
  const offered = data.filter(({ tag }) => !view.tags.includes(tag));
  const shown = open && offered.length > 0;

  const pick = (tag: string) => {
    const q = typed.split(/\s+/).slice(0, -1).join(" ");
    told.current = q;
    setTyped(q);
    setActive(-1);
    setOpen(false);
    onChange({ ...view, q, tags: [...view.tags, tag], sort: q ? "relevance" : "newest" }, false);
  };
  const press = (event: KeyboardEvent) => {
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        if (!shown) {
          setOpen(true);
          return;
        }
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        setActive((was) => Math.max(-1, Math.min(offered.length - 1, was + step)));
        break;
      }
      case "Enter": {
        const tag = shown ? offered[active]?.tag : undefined;
        if (tag) pick(tag);
        else setOpen(false);
        break;
      }
      case "Backspace":
        if (typed === "" && view.tags.length > 0) {
          onChange({ ...view, tags: view.tags.slice(0, -1) }, false);
        }
        break;
      case "Escape":
        if (shown) setOpen(false);
        else if (typed !== "") setTyped("");
        else input.current?.blur();
        break;
      default:
    }
  };
  useShortcuts({ "/": () => input.current?.focus() });

  return (
    <search className="search-box">
      <Icon name="search" />
      {view.tags.map((tag) => (
        <span key={tag} className="chip on">
          {tag}
          <button
            type="button"
            aria-label={`Search without the tag ${tag}`}
            onClick={() =>
              onChange({ ...view, tags: view.tags.filter((one) => one !== tag) }, false)
            }
          >
            <Icon name="close" size={14} />
          </button>
        </span>
      ))}
      <input
        ref={input}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        role="combobox"
        aria-label="Search your photos"
        aria-expanded={shown}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
        autoComplete="off"
        autoCapitalize="none"
        maxLength={200}
        placeholder={view.tags.length > 0 ? "and…" : "Search captions, tags, file names"}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          setOpen(true);
          setActive(-1);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={press}
      />
      {typed !== "" && (
        <button
          type="button"
          className="clear"
          aria-label="Clear the words"
          onClick={() => setTyped("")}
        >
          <Icon name="close" size={16} />
        </button>
      )}
      <div id={id} role="listbox" aria-label="Tags" className="completions" hidden={!shown}>
        {offered.map(({ tag, count }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys.
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus.
          <div
            key={tag}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => pick(tag)}
          >
            <Icon name="tag" size={16} />
            {tag}
            <small>{count.toLocaleString()}</small>
          </div>
        ))}
      </div>
    </search>
  );
}
