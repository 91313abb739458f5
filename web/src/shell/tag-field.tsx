import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useDeferredValue, useId, useState } from "react";
import { recentChanges } from "../library/use-photos.ts";
import { useGallery } from "../session/gallery-context.tsx";
import { Icon } from "./icon.tsx";
import { cleanTag } from "./tags.ts";

const MOST = 30;

/** The tags that begin so and one's pictures have, the most used first. */
export function useTags(prefix: string, enabled: boolean) {
  const { client, session } = useGallery();
  return useQuery({
    queryKey: [session.userId, "tags", prefix],
    enabled,
    queryFn: async ({ signal }) => {
      const query = { prefix, limit: 8, ...recentChanges.after() };
      const { data } = await client.api.GET("/v1/search/tags", { params: { query }, signal });
      return data?.items ?? [];
    },
    placeholderData: (before) => before,
    staleTime: 20_000,
  });
}

/** Tags as chips, and a field for more that completes them. */
export function TagField({
  tags,
  onChange,
  label = "Add a tag",
}: {
  tags: string[];
  onChange: (tags: string[]) => void;
  label?: string;
}) {
  const id = useId();
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const prefix = useDeferredValue(cleanTag(typed));
  const { data = [] } = useTags(prefix, open);
  const offered = data.map(({ tag }) => tag).filter((tag) => !tags.includes(tag));
  const shown = open && offered.length > 0;

  const add = (text: string) => {
    const more = text.split(/[\s,]+/).map(cleanTag);
    const next = [...new Set([...tags, ...more.filter((tag) => tag !== "")])].slice(0, MOST);
    setTyped("");
    setActive(-1);
    if (next.length !== tags.length) onChange(next);
  };
  const press = (event: KeyboardEvent) => {
    const picked = shown ? offered[active] : undefined;
    switch (event.key) {
      case "Enter":
      case ",":
        if (typed.trim() === "" && picked === undefined) return;
        event.preventDefault();
        add(picked ?? typed);
        break;
      case "Backspace":
        if (typed !== "" || tags.length === 0) return;
        onChange(tags.slice(0, -1));
        break;
      case "ArrowDown":
      case "ArrowUp": {
        event.preventDefault();
        setOpen(true);
        const step = event.key === "ArrowDown" ? 1 : -1;
        setActive((was) => Math.max(-1, Math.min(offered.length - 1, was + step)));
        break;
      }
      case "Escape":
        if (!shown) return;
        event.stopPropagation();
        setOpen(false);
        break;
      default:
    }
  };
  return (
    <div className="tag-field">
      <ul className="chips" aria-label="Tags">
        {tags.map((tag) => (
          <li key={tag} className="chip">
            {tag}
            <button
              type="button"
              aria-label={`Remove the tag ${tag}`}
              onClick={() => onChange(tags.filter((one) => one !== tag))}
            >
              <Icon name="close" size={14} />
            </button>
          </li>
        ))}
      </ul>
      <div className="completing">
        <input
          type="text"
          role="combobox"
          aria-label={label}
          aria-expanded={shown}
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
          autoComplete="off"
          autoCapitalize="none"
          enterKeyHint="done"
          maxLength={200}
          placeholder={label}
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            setOpen(true);
            setActive(-1);
          }}
          onBlur={() => {
            setOpen(false);
            if (typed.trim() !== "") add(typed);
          }}
          onKeyDown={press}
        />
        <div
          id={id}
          role="listbox"
          aria-label="Tags in use"
          className="completions"
          hidden={!shown}
        >
          {offered.map((tag, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys.
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus.
            <div
              key={tag}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => add(tag)}
            >
              {tag}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
