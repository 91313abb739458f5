import type { SearchQuery } from "@shoebox/client";

/** What of all pictures is shown, as the address says it. */
export interface View {
  q: string;
  tags: string[];
  /** `2026-11`, of upload. */
  month?: string;
  scope: "mine" | "public" | "all";
  sort: "relevance" | "newest" | "oldest";
}

const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])$/;

/** What is not understood in an address is left out: an old bookmark shows more, never an error. */
export function parseView(search: string): View {
  const given = new URLSearchParams(search);
  const month = given.get("month") ?? "";
  const scope = given.get("scope");
  const sort = given.get("sort");
  const q = (given.get("q") ?? "").slice(0, 200);
  return {
    q,
    tags: [...new Set(given.getAll("tag"))].slice(0, 30),
    ...(MONTH.test(month) && { month }),
    scope: scope === "public" || scope === "all" ? scope : "mine",
    sort: sort === "newest" || sort === "oldest" ? sort : q ? "relevance" : "newest",
  };
}

/** The part of an address after its path, with its question mark; empty for the whole library. */
export function formatView(view: View): string {
  const params = new URLSearchParams();
  if (view.q.trim() !== "") params.set("q", view.q);
  for (const tag of view.tags) params.append("tag", tag);
  if (view.month !== undefined) params.set("month", view.month);
  if (view.scope !== "mine") params.set("scope", view.scope);
  const standard = view.q.trim() === "" ? "newest" : "relevance";
  if (view.sort !== standard && view.sort !== "relevance") params.set("sort", view.sort);
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

/** Whether the catalog itself can list it: strongly consistent, with what is being processed. */
export function isLibrary({ q, tags, scope }: View): boolean {
  return q.trim() === "" && tags.length === 0 && scope === "mine";
}

/** Whether it is all of one's own pictures, the newest first. */
export function isWholeLibrary(view: View): boolean {
  return isLibrary(view) && view.month === undefined && view.sort === "newest";
}

/** The instants that a month begins and ends at, of which the second is outside. */
export function rangeOf(month: string | undefined): { from?: string; to?: string } {
  if (month === undefined) return {};
  const [year = 0, number = 1] = month.split("-").map(Number);
  const next = number === 12 ? [year + 1, 1] : [year, number + 1];
  return {
    from: `${month}-01`,
    to: `${next.map((part) => String(part).padStart(2, "0")).join("-")}-01`,
  };
}

/**
 * The search's own words for a view. Marks that the search takes for operators are left out: somebody
 * who types is not shown an error.
 */
export function toSearchQuery(view: View): SearchQuery {
  const q = words(view.q);
  return {
    ...(q !== "" && { q, asYouType: "true", typos: "true" }),
    ...(view.tags.length > 0 && { tag: view.tags }),
    ...rangeOf(view.month),
    scope: view.scope,
    sort: q === "" && view.sort === "relevance" ? "newest" : view.sort,
  };
}

function words(typed: string): string {
  return typed
    .split(/\s+/)
    .map((word) =>
      word.replace(/^[^\p{L}\p{M}\p{N}\p{Extended_Pictographic}#]+/u, "").replace(/[*?]/g, ""),
    )
    .map((word) => word.slice(0, 64))
    .filter((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word))
    .slice(0, 20)
    .join(" ");
}
