import { monthName } from "../grid/month.tsx";
import { useFacets } from "../library/use-photos.ts";
import type { View } from "../library/view.ts";
import { Icon } from "../shell/icon.tsx";

const scopes: { value: View["scope"]; label: string }[] = [
  { value: "mine", label: "My photos" },
  { value: "public", label: "Public photos" },
  { value: "all", label: "Mine and public" },
];

const sorts: { value: View["sort"]; label: string }[] = [
  { value: "newest", label: "Newest first" },
  { value: "oldest", label: "Oldest first" },
];

/** What narrows the view: whose pictures, months and tags, each with how many it would leave. */
export function Filters({ view, onChange }: { view: View; onChange: (view: View) => void }) {
  const { data, isPlaceholderData } = useFacets(view);
  const tags = (data?.tags ?? []).filter(({ tag }) => !view.tags.includes(tag));
  const months = data?.months ?? [];
  const offered = view.q.trim()
    ? [{ value: "relevance" as const, label: "Best first" }, ...sorts]
    : sorts;
  return (
    <div className={`filters ${isPlaceholderData ? "stale" : ""}`}>
      <Choice
        label="Whose photos"
        value={view.scope}
        options={scopes}
        on={view.scope !== "mine"}
        onChange={(scope) => onChange({ ...view, scope: scope as View["scope"] })}
      />
      <Choice
        label="Month"
        value={view.month ?? ""}
        options={[
          { value: "", label: "All months" },
          ...withCurrent(months, view.month).map(({ month, count }) => ({
            value: month,
            label: `${monthName(month)} (${count.toLocaleString()})`,
          })),
        ]}
        on={view.month !== undefined}
        onChange={(month) => onChange({ ...view, month: month === "" ? undefined : month })}
      />
      <Choice
        label="Order"
        value={view.sort}
        options={offered}
        on={view.sort === "oldest"}
        onChange={(sort) => onChange({ ...view, sort: sort as View["sort"] })}
      />
      {tags.length > 0 && <span className="divider" aria-hidden="true" />}
      {tags.map(({ tag, count }) => (
        <button
          key={tag}
          type="button"
          className="chip"
          onClick={() => onChange({ ...view, tags: [...view.tags, tag] })}
        >
          {tag} <small>{count.toLocaleString()}</small>
        </button>
      ))}
    </div>
  );
}

/** A month that is chosen is offered even where nothing is left of it. */
function withCurrent(months: { month: string; count: number }[], current: string | undefined) {
  const all = months.toSorted((a, b) => (a.month < b.month ? 1 : -1));
  if (current === undefined || all.some(({ month }) => month === current)) return all;
  return [{ month: current, count: 0 }, ...all];
}

function Choice({
  label,
  value,
  options,
  on,
  onChange,
}: {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  on: boolean;
  onChange: (value: string) => void;
}) {
  return (
    <label className={`choice ${on ? "on" : ""}`}>
      <span className="unseen">{label}</span>
      <select value={value} onChange={({ target }) => onChange(target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="chevronDown" size={16} />
    </label>
  );
}
