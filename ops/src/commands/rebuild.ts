import type { Command } from "../command.ts";
import { ExitCode } from "../failure.ts";
import type { Rebuild } from "../jobs.ts";
import { howToWatch, rebuildPath, rebuildWords } from "../rebuild-words.ts";
import { watch } from "../watch.ts";

export const rebuild: Command = {
  name: "rebuild",
  summary: "builds the search index anew while the present one serves, and exchanges them",
  options: {
    source: {
      type: "string",
      value: "archive|catalog",
      help: "the bus's archived events, or what the catalog has now (default catalog)",
    },
    from: { type: "string", value: "ISO", help: "with the archive: events from here on" },
    to: { type: "string", value: "ISO", help: "with the archive: events before this" },
    watch: { type: "boolean", help: "show how it gets on until it has ended" },
  },
  examples: [
    "rebuild --watch",
    "rebuild --source archive --watch",
    "rebuild --source archive --from 2026-11-01 --to 2026-11-20T12:00:00Z",
  ],
  async run({ options: { source, from, to, watch: wait } }, session) {
    const { api, screen, json } = session;
    const asked = Object.fromEntries(
      Object.entries({ source, from, to }).filter(([, value]) => value !== undefined),
    );
    const started = await api.call<{ rebuildId: string }>("POST", "/v1/search/rebuilds", asked);
    const { rebuildId } = started;
    if (!wait) {
      screen.say(
        json ? JSON.stringify(started) : `Rebuild ${rebuildId} has begun. ${howToWatch(rebuildId)}`,
      );
      return ExitCode.done;
    }
    if (!json) screen.say(`Rebuild ${rebuildId}`);
    const ended = await watch<Rebuild>(session, rebuildPath(rebuildId), howToWatch(rebuildId));
    screen.say(json ? JSON.stringify(ended) : rebuildWords(ended, Date.now()).join("\n"));
    return ended.status === "completed" ? ExitCode.done : ExitCode.notGood;
  },
};
