import type { Command } from "../command.ts";
import { ExitCode } from "../failure.ts";
import { rebuildPath } from "../rebuild-words.ts";

export const cancel: Command = {
  name: "cancel",
  summary: "ends a rebuild; the search goes on with the index it has",
  words: ["ID"],
  examples: ["cancel 019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"],
  async run({ words: [rebuildId = ""] }, { api, screen, json }) {
    await api.call("DELETE", rebuildPath(rebuildId));
    screen.say(
      json
        ? JSON.stringify({ rebuildId, status: "cancelled" })
        : "It is cancelled; the search goes on with the index it has.",
    );
    return ExitCode.done;
  },
};
