import { Command } from "commander";
import { changeEach } from "../change-each.ts";
import { type Context, runs } from "../context.ts";
import { ExitCode, Failure } from "../failure.ts";
import { several } from "../options.ts";

interface Options {
  add?: string[];
  remove?: string[];
}

export function tagCommand(): Command {
  return new Command("tag")
    .description("Give pictures tags, or take some away.")
    .argument("<image...>", "their ids")
    .option("--add <tag>", "give it again for more", several)
    .option("--remove <tag>", "give it again for more", several)
    .addHelpText(
      "after",
      `
Examples:
  shoebox tag 019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55 --add beach --remove draft
  shoebox ls --tag draft --json | jq -r .imageId | xargs shoebox tag --remove draft`,
    )
    .action(runs(tag));
}

async function tag(context: Context, imageIds: string[], { add, remove }: Options): Promise<void> {
  if (!add && !remove)
    throw new Failure("Say which tags: --add TAG, --remove TAG.", ExitCode.misuse);
  const client = await context.connect();
  if (add) await changeEach(context, client, imageIds, { action: "addTags", tags: add });
  if (remove) await changeEach(context, client, imageIds, { action: "removeTags", tags: remove });
}
