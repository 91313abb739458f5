import { searchImages } from "@shoebox/client";
import { Command, Option } from "commander";
import { type Context, runs } from "../context.ts";
import { imageLine } from "../image-line.ts";
import { instant, positive, several } from "../options.ts";
import { upTo } from "../up-to.ts";

interface Options {
  tag?: string[];
  anyTag?: string[];
  notTag?: string[];
  from?: string;
  to?: string;
  takenFrom?: string;
  takenTo?: string;
  scope?: "mine" | "public" | "all";
  sort?: "relevance" | "newest" | "oldest";
  typos?: true;
  limit: number;
}

export function searchCommand(): Command {
  return new Command("search")
    .description("Find pictures by words, tags and dates.")
    .argument("[words...]", "all of which are in caption, file name or tags")
    .option("--tag <tag>", "has it; give it again for more: all of them", several)
    .option("--any-tag <tag>", "has at least one of these", several)
    .option("--not-tag <tag>", "has none of these", several)
    .option("--from <time>", "uploaded then or later", instant)
    .option("--to <time>", "uploaded before", instant)
    .option("--taken-from <time>", "taken then or later", instant)
    .option("--taken-to <time>", "taken before", instant)
    .addOption(new Option("--scope <whose>", "whose pictures").choices(["mine", "public", "all"]))
    .addOption(new Option("--sort <order>", "by what").choices(["relevance", "newest", "oldest"]))
    .option("--typos", "words with a typing error, too")
    .option("--limit <n>", "so many and no more", positive, 50)
    .addHelpText(
      "after",
      `
Examples:
  shoebox search sunset lisbon
  shoebox search --tag beach --not-tag screenshot --scope all --json`,
    )
    .action(runs(search));
}

async function search(
  { connect, out, signal }: Context,
  words: string[],
  { limit, typos, tag, anyTag, notTag, from, to, takenFrom, takenTo, scope, sort }: Options,
): Promise<void> {
  const query = {
    ...{ tag, anyTag, notTag, from, to, takenFrom, takenTo, scope, sort },
    q: words.length > 0 ? words.join(" ") : undefined,
    typos: typos && ("true" as const),
    limit: Math.min(limit, 100),
  };
  for await (const image of upTo(limit, searchImages(await connect(), query, { signal }))) {
    await out.item(image, imageLine(image));
  }
}
