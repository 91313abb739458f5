import { styleText } from "node:util";
import { count } from "../amounts.ts";
import type { Command } from "../command.ts";
import { ExitCode, Failure } from "../failure.ts";
import { findDomains, type SearchDomain } from "../search-domains.ts";

export const domain: Command = {
  name: "domain",
  summary: "the OpenSearch domain of an environment: its endpoint, its machines, its health",
  words: ["[NAME]"],
  examples: [
    "domain",
    "domain --url https://api.example.com --region eu-west-1",
    "domain shoebox-prod-search --url https://api.example.com --json",
  ],
  async run({ words: [name], options: { region } }, { api, screen, json }) {
    const domains = await findDomains(api, {
      name,
      region: typeof region === "string" ? region : undefined,
    });
    if (domains.length === 0) throw new Failure("There is no search domain of Shoebox's here.");
    if (json) screen.say(JSON.stringify(domains));
    else screen.say(domains.map((one) => describe(one).join("\n")).join("\n\n"));
    return domains.every(isWell) ? ExitCode.done : ExitCode.notGood;
  },
};

function isWell({ health }: SearchDomain): boolean {
  return health === "green" || health === "yellow";
}

export function describe(domain: SearchDomain): string[] {
  const { instances, storage, shards, unassignedShards } = domain;
  const paint = domain.health === "unknown" ? "dim" : domain.health;
  const health = [
    styleText(paint, domain.health),
    ...(shards === undefined ? [] : [`${count(shards)} shards`]),
    ...(unassignedShards ? [`${count(unassignedShards)} of them nowhere`] : []),
  ];
  const lines: [string, string][] = [
    ["domain", styleText("bold", domain.name)],
    ["endpoint", domain.endpoint ?? "none yet"],
    ["engine", domain.engine ?? "unknown"],
    ["machines", `${instances.count ?? "?"} × ${instances.type ?? "?"}`],
    ...(storage
      ? [["storage", `${storage.gigabytes} GB ${storage.type} each`] satisfies [string, string]]
      : []),
    ["state", domain.changing ? `${domain.state}, a change is under way` : domain.state],
    ["health", health.join(", ")],
  ];
  return lines.map(([name, value]) => `${name.padEnd(8)}  ${value}`);
}
