import { Command } from "commander";
import { type Context, runs } from "../context.ts";
import { ExitCode, Failure } from "../failure.ts";
import { stateFolder } from "../settings.ts";
import { createBars } from "../upload/bars.ts";
import { leftUploads } from "../upload/left-uploads.ts";
import { commonOf, takesUploadOptions, type UploadingOptions } from "../upload/options.ts";
import { picturesOf } from "../upload/pictures.ts";
import { sendPictures } from "../upload/send-pictures.ts";
import { count } from "../words.ts";

export function uploadCommand(): Command {
  const command = new Command("upload")
    .description("Upload pictures: files, folders, patterns.")
    .argument("<path...>", "a folder means every JPEG, PNG and WebP below it");
  return takesUploadOptions(command)
    .addHelpText(
      "after",
      `
What is there already, by its SHA-256, is not sent. Files above 100 MB go in parts: run the same command
again after Ctrl-C, a crash or a broken line, and it goes on where it was.

Examples:
  shoebox upload harbour.jpg --tag sea --caption "The harbour"
  shoebox upload ~/Pictures '*.png' --visibility public --parallel 6
  shoebox upload ~/Pictures --json | jq -r 'select(.status == "failed") | .path'`,
    )
    .action(runs(upload));
}

async function upload(context: Context, paths: string[], options: UploadingOptions): Promise<void> {
  const pictures = await picturesOf(paths);
  if (pictures.length === 0) {
    throw new Failure(`There are no pictures in ${paths.join(", ")}.`, ExitCode.misuse);
  }
  const client = await context.connect();
  const bars = createBars(process.stderr, process.stderr.isTTY && !context.out.json);
  const common = commonOf(options);
  const left = leftUploads(stateFolder(context.env), client.url, common);
  const { parallel } = options;
  try {
    const sending = { client, common, left, bars, parallel };
    const { sent, skipped, failed } = await sendPictures(context, pictures, sending);
    bars.end();
    const words = [count(sent, "picture"), "uploaded"];
    if (skipped > 0) words.push(`, ${skipped} there already`);
    if (failed > 0) words.push(`, ${failed} failed`);
    context.out.note(`${words.join(" ").replaceAll(" ,", ",")}.`);
  } catch (error) {
    if (!context.signal.aborted) throw error;
    const sentence = "Interrupted: run the same command again, and it goes on where it was.";
    throw new Failure(sentence, ExitCode.interrupted);
  } finally {
    bars.end();
  }
}
