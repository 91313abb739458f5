import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { sentenceOf } from "../library/use-edits.ts";
import { useGallery } from "../session/gallery-context.tsx";
import { Icon } from "../shell/icon.tsx";

const sources = [
  {
    value: "catalog" as const,
    label: "From the catalog",
    about: "The catalog tells its present state. Always complete.",
  },
  {
    value: "archive" as const,
    label: "From the archive of events",
    about: "The archived events are replayed; what they lack comes from the catalog.",
  },
];

/** Begins a rebuild. */
export function StartRebuild() {
  const { client, session } = useGallery();
  const queries = useQueryClient();
  const [source, setSource] = useState<"catalog" | "archive">("catalog");
  const start = useMutation({
    mutationFn: () => client.api.POST("/v1/search/rebuilds", { body: { source } }),
    onSettled: () => queries.invalidateQueries({ queryKey: [session.userId, "rebuilds"] }),
  });
  return (
    <section aria-labelledby="start-rebuild">
      <h2 id="start-rebuild">Build it anew</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate();
        }}
      >
        <fieldset className="cards">
          <legend className="unseen">Source</legend>
          {sources.map(({ value, label, about }) => (
            <label key={value} className="card">
              <input
                type="radio"
                name="source"
                checked={source === value}
                onChange={() => setSource(value)}
              />
              <span>
                <strong>{label}</strong>
                <small>{about}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <button type="submit" className="button primary" disabled={start.isPending}>
          <Icon name="refresh" /> {start.isPending ? "Starting…" : "Start the rebuild"}
        </button>
        {start.error && <p role="alert">{sentenceOf(start.error)}</p>}
      </form>
    </section>
  );
}
