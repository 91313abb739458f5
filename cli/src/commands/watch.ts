import { setTimeout as pause } from "node:timers/promises";
import { Command } from "commander";
import { type Context, runs } from "../context.ts";
import { explain } from "../explain.ts";
import { ExitCode, Failure } from "../failure.ts";
import { positive } from "../options.ts";
import { stateFolder } from "../settings.ts";
import { createBars } from "../upload/bars.ts";
import { leftUploads } from "../upload/left-uploads.ts";
import { commonOf, takesUploadOptions, type UploadingOptions } from "../upload/options.ts";
import { below } from "../upload/pictures.ts";
import { sendPictures } from "../upload/send-pictures.ts";
import { newPictures } from "../watch/new-pictures.ts";

interface Options extends UploadingOptions {
  interval: number;
  newOnly?: true;
}

export function watchCommand(): Command {
  const command = new Command("watch")
    .description("Follow a folder and upload what comes into it, until Ctrl-C.")
    .argument("<folder>", "every JPEG, PNG and WebP below it");
  return takesUploadOptions(command)
    .option("--interval <s>", "seconds between two looks", positive, 2)
    .option("--new-only", "leave what is in the folder at the beginning")
    .addHelpText(
      "after",
      `
A file is taken when two looks have found it alike, so that nothing is sent while it is still written. What is
there already is not sent. When the service does not answer it is tried again at the next look.
To follow one picture until it is ready: shoebox show --wait IMAGE.

Examples:
  shoebox watch ~/Pictures/camera --tag camera
  shoebox watch . --new-only --json`,
    )
    .action(runs(watch));
}

async function watch(context: Context, [folder = "."]: string[], options: Options): Promise<void> {
  const { out, signal } = context;
  const client = await context.connect();
  const bars = createBars(process.stderr, false);
  const common = commonOf(options);
  const left = leftUploads(stateFolder(context.env), client.url, common);
  const { parallel, interval, newOnly } = options;
  const sending = { client, common, left, bars, parallel };
  const pictures = newPictures();
  if (newOnly) pictures.leave(await look(folder));
  out.note(`Watching ${folder}; Ctrl-C ends it.`);
  while (!signal.aborted) {
    const settled = pictures.settled(await look(folder));
    try {
      await sendPictures(context, settled, sending, pictures.done);
    } catch (error) {
      // Uploads that were interrupted go on with the next run.
      if (signal.aborted) break;
      const explained = explain(error);
      if (explained?.exitCode !== ExitCode.noAnswer) throw error;
      out.note(`${explained.sentence} Trying again.`);
    }
    await pause(interval * 1_000, undefined, { signal }).catch(() => undefined);
  }
  // Its only end is Ctrl-C, and that is no failure.
  process.exitCode = ExitCode.done;
}

async function look(folder: string) {
  try {
    return await below(folder);
  } catch {
    throw new Failure(`There is no folder ${folder}.`, ExitCode.misuse);
  }
}
