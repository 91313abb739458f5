import { count, duration } from "../amounts.ts";
import type { Command, Session } from "../command.ts";
import { ExitCode } from "../failure.ts";
import { type Rebuild, secondsOf } from "../jobs.ts";
import { howToWatch, rebuildPath, rebuildWords } from "../rebuild-words.ts";
import { table } from "../table.ts";
import { watch } from "../watch.ts";

export const rebuilds: Command = {
  name: "rebuilds",
  summary: "the rebuilds there were, the newest first; or one of them",
  words: ["[ID]"],
  options: { watch: { type: "boolean", help: "with an ID: until it has ended" } },
  examples: ["rebuilds", "rebuilds 019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55 --watch"],
  async run({ words: [id], options }, session) {
    if (id === undefined) return list(session);
    const { api, screen, json } = session;
    const rebuild = options.watch
      ? await watch<Rebuild>(session, rebuildPath(id), howToWatch(id))
      : await api.call<Rebuild>("GET", rebuildPath(id));
    screen.say(json ? JSON.stringify(rebuild) : rebuildWords(rebuild, Date.now()).join("\n"));
    const bad = rebuild.status === "failed" || (options.watch && rebuild.status === "cancelled");
    return bad ? ExitCode.notGood : ExitCode.done;
  },
};

async function list({ api, screen, json }: Session): Promise<ExitCode> {
  const { items } = await api.call<{ items: Rebuild[] }>("GET", "/v1/search/rebuilds?limit=20");
  if (json) screen.say(JSON.stringify(items));
  else if (items.length === 0) screen.say("There was no rebuild yet.");
  else screen.say(rows(items, Date.now()).join("\n"));
  return ExitCode.done;
}

function rows(items: Rebuild[], now: number): string[] {
  const columns = [
    { heading: "rebuild" },
    { heading: "status" },
    { heading: "source" },
    { heading: "documents", right: true },
    { heading: "began" },
    { heading: "took", right: true },
  ];
  return table(
    columns,
    items.map((rebuild) => [
      rebuild.rebuildId,
      rebuild.rolledBack ? `${rebuild.status}, rolled back` : rebuild.status,
      rebuild.source,
      count(rebuild.indexed),
      rebuild.startedAt.replace(/[.]\d+Z$/, "Z"),
      duration(secondsOf(rebuild, now)),
    ]),
  );
}
