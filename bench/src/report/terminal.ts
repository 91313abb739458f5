import { styleText } from "node:util";
import { type Finding, isMet } from "../finding.ts";
import type { Measured } from "./markdown.ts";
import { median, target, withSpread } from "./words.ts";

/** The table for whoever ran it. */
export function inTerminal(measured: Measured[]): string {
  return measured
    .map(({ name, title, findings, failure }) =>
      [
        `\n${styleText("bold", name)}  ${title}`,
        ...(failure ? [styleText("red", `  not measured: ${failure}`)] : []),
        ...findings.map(lines),
      ].join("\n"),
    )
    .join("\n");
}

function lines(finding: Finding): string {
  const { what, ours, peer, ratio, note } = finding;
  const met = isMet(finding);
  const mark = met === undefined ? "·" : met ? styleText("green", "✓") : styleText("red", "✗");
  const figures = [
    withSpread(ours, ` ${ours.unit}`),
    ...(peer ? [`${peer.name}: ${median(peer)}`] : []),
    ...(ratio ? [styleText("bold", withSpread(ratio, "×"))] : []),
    target(finding),
  ].filter((text) => text !== "");
  const first = `${mark} ${what}: ${figures.join("  |  ")}`;
  return note ? `${first}\n    ${styleText("dim", note)}` : first;
}
