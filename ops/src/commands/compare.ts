import { styleText } from "node:util";
import { count, duration } from "../amounts.ts";
import type { Command } from "../command.ts";
import { ExitCode } from "../failure.ts";
import { type Comparison, secondsOf } from "../jobs.ts";
import { table } from "../table.ts";
import { watch } from "../watch.ts";

/** Lines of disagreements that are shown; `--json` has all that the API tells. */
const SHOWN = 50;

export const compare: Command = {
  name: "compare",
  summary: "on which pictures the search index and the catalog disagree; changes nothing",
  words: ["[ID]"],
  examples: ["compare", "compare --json", "compare 019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"],
  async run({ words: [earlier] }, session) {
    const { api, screen, json } = session;
    const id =
      earlier ??
      (await api.call<{ comparisonId: string }>("POST", "/v1/search/comparisons")).comparisonId;
    const comparison = await watch<Comparison>(
      session,
      `/v1/search/comparisons/${encodeURIComponent(id)}`,
      `It goes on: npm run ops -- compare ${id} shows it.`,
    );
    screen.say(
      json ? JSON.stringify(comparison) : comparisonWords(comparison, Date.now()).join("\n"),
    );
    const well = comparison.status === "completed" && comparison.disagreementCount === 0;
    return well ? ExitCode.done : ExitCode.notGood;
  },
};

function comparisonWords(comparison: Comparison, now: number): string[] {
  const { status, images = 0, owners = 0, index, disagreements } = comparison;
  if (status !== "completed") {
    const why = comparison.reason ?? "it does not say why";
    return [`${styleText("red", status)}: ${why}`];
  }
  const what = `${count(images)} ${images === 1 ? "picture" : "pictures"} of ${count(owners)} ${owners === 1 ? "owner" : "owners"} in ${index}`;
  const compared = `compared ${what} with the catalog in ${duration(secondsOf(comparison, now))}`;
  if (comparison.disagreementCount === 0) {
    return [`${styleText("green", "They agree")}: ${compared}.`];
  }
  const shown = disagreements.slice(0, SHOWN);
  const rest = comparison.disagreementCount - shown.length;
  const columns = [
    { heading: "what" },
    { heading: "picture" },
    { heading: "owner" },
    { heading: "catalog", right: true },
    { heading: "index", right: true },
  ];
  const rows = shown.map(({ kind, imageId, ownerId, catalogVersion, indexVersion }) => [
    kind,
    imageId,
    ownerId,
    catalogVersion === undefined ? "–" : `v${catalogVersion}`,
    indexVersion === undefined ? "–" : `v${indexVersion}`,
  ]);
  return [
    `${styleText("red", `They disagree on ${count(comparison.disagreementCount)}`)}: ${compared}.`,
    "",
    ...table(columns, rows),
    ...(rest > 0 ? [`… and ${count(rest)} more`] : []),
    "",
    "npm run ops -- rebuild --watch builds an index that agrees.",
  ];
}
