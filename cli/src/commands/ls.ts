import { listImages } from "@shoebox/client";
import { Command } from "commander";
import { type Context, runs } from "../context.ts";
import { imageLine } from "../image-line.ts";
import { instant, positive } from "../options.ts";
import { upTo } from "../up-to.ts";

interface Options {
  tag?: string;
  from?: string;
  to?: string;
  oldest?: true;
  limit?: number;
}

export function lsCommand(): Command {
  return new Command("ls")
    .description("List my pictures, newest first.")
    .option("--tag <tag>", "only those with this tag")
    .option("--from <time>", "uploaded then or later", instant)
    .option("--to <time>", "uploaded before", instant)
    .option("--oldest", "oldest first")
    .option("--limit <n>", "so many and no more", positive)
    .addHelpText(
      "after",
      `
Examples:
  shoebox ls --tag beach --from 2026-01-01
  shoebox ls --limit 10 --json | jq -r .imageId`,
    )
    .action(runs(ls));
}

async function ls({ connect, out, signal }: Context, _: string[], options: Options): Promise<void> {
  const { tag, from, to, oldest, limit } = options;
  const query = {
    tag,
    from,
    to,
    order: oldest ? ("oldest" as const) : undefined,
    limit: Math.min(limit ?? 100, 100),
  };
  for await (const image of upTo(limit, listImages(await connect(), query, { signal }))) {
    await out.item(image, imageLine(image));
  }
}
