import type { Command } from "../command.ts";
import { ExitCode } from "../failure.ts";
import type { Rebuild } from "../jobs.ts";
import { rebuildPath } from "../rebuild-words.ts";

export const rollback: Command = {
  name: "rollback",
  summary: "searches the index from before a rebuild again, in one step",
  words: ["ID"],
  options: {
    to: {
      type: "string",
      value: "previous|rebuilt",
      help: "the index from before the rebuild (default), or the rebuild's own again",
    },
  },
  examples: [
    "rollback 019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55",
    "rollback 019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55 --to rebuilt",
  ],
  async run({ words: [id = ""], options: { to } }, { api, screen, json }) {
    const answer = await api.call<Rebuild & { searched: string }>(
      "POST",
      `${rebuildPath(id)}/rollback`,
      to === undefined ? {} : { to },
    );
    screen.say(json ? JSON.stringify(answer) : `${answer.searched} is searched now.`);
    return ExitCode.done;
  },
};
