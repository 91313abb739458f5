import { createInterface } from "node:readline/promises";
import { getImage } from "@shoebox/client";
import { Command } from "commander";
import { changeEach } from "../change-each.ts";
import { type Context, runs } from "../context.ts";
import { ExitCode, Failure } from "../failure.ts";
import { imageLine } from "../image-line.ts";
import { count } from "../words.ts";

/** More than that are not shown one by one before they go. */
const SHOWN = 20;

export function rmCommand(): Command {
  return new Command("rm")
    .description("Delete pictures for good. It asks first.")
    .argument("<image...>", "their ids")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      `
Examples:
  shoebox rm 019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55
  shoebox ls --tag draft --json | jq -r .imageId | xargs shoebox rm --yes`,
    )
    .action(runs(rm));
}

async function rm(context: Context, imageIds: string[], { yes }: { yes?: true }): Promise<void> {
  const client = await context.connect();
  if (!yes) {
    if (!process.stdin.isTTY) {
      throw new Failure(
        "There is nobody to ask whether to delete: --yes does it.",
        ExitCode.misuse,
      );
    }
    for (const imageId of imageIds.slice(0, SHOWN)) {
      const image = await getImage(client, imageId, { signal: context.signal });
      process.stderr.write(`${imageLine(image)}\n`);
    }
    if (
      !(await agreed(
        `Delete ${count(imageIds.length, "picture")} for good? [y/N] `,
        context.signal,
      ))
    ) {
      throw new Failure("Nothing was deleted.");
    }
  }
  await changeEach(context, client, imageIds, { action: "delete" });
}

async function agreed(question: string, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    return /^y(es)?$/i.test((await lines.question(question, { signal })).trim());
  } finally {
    lines.close();
  }
}
