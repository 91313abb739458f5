import { type Finding, isMet } from "../finding.ts";
import { target, withSpread } from "./words.ts";

/** A row that was measured, or that could not be. */
export interface Measured {
  name: string;
  title: string;
  findings: Finding[];
  failure?: string;
}

export interface Circumstances {
  machine: string;
  load: string;
  at: Date;
}

const BEGIN = "<!-- written by npm run bench -->";
const END = "<!-- end of what npm run bench writes -->";

/** The results as part of a page. */
export function inMarkdown(measured: Measured[], { machine, load, at }: Circumstances): string {
  return [
    `Measured on ${at.toISOString().slice(0, 10)}: ${machine}; load average ${load}.`,
    ...measured.map(section),
  ].join("\n\n");
}

function section({ name, title, findings, failure }: Measured): string {
  const notes = findings.flatMap(({ what, note }) => (note ? [`- ${what}: ${note}`] : []));
  return [
    `### ${name}: ${title}`,
    ...(failure ? [`Not measured: ${failure}.`] : []),
    ...(findings.length > 0 ? [table(findings)] : []),
    ...(notes.length > 0 ? [notes.join("\n")] : []),
  ].join("\n\n");
}

function table(findings: Finding[]): string {
  const rows = findings.map((finding) => {
    const { what, ours, peer, ratio } = finding;
    const met = isMet(finding);
    return [
      what,
      withSpread(ours, ` ${ours.unit}`),
      peer ? `${withSpread(peer, ` ${peer.unit}`)} · ${peer.name}` : "",
      ratio ? withSpread(ratio, "×") : "",
      target(finding),
      met === undefined ? "" : met ? "yes" : "**no**",
    ];
  });
  const head = ["", "ours", "held against", "ratio", "target", "met"];
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/**
 * The page with these results in place of those before them; the words around them stay.
 *
 * @throws Error when the page has no place for them
 */
export function withResults(page: string, results: string): string {
  const [before, rest] = page.split(BEGIN);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined) {
    throw new Error(`docs/benchmarks.md has no lines ${BEGIN} and ${END}.`);
  }
  return `${before}${BEGIN}\n\n${results}\n\n${END}${after}`;
}
