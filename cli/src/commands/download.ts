import { createWriteStream } from "node:fs";
import { link, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { getImage, type Image, imageUrl, type ShoeboxClient } from "@shoebox/client";
import { Command, Option } from "commander";
import { type Context, runs } from "../context.ts";
import { explain } from "../explain.ts";
import { ExitCode, Failure } from "../failure.ts";
import { bytes } from "../words.ts";

interface Options {
  rendition: string;
  format?: "webp" | "jpeg" | "avif";
  output?: string;
  force?: true;
}

export function downloadCommand(): Command {
  return new Command("download")
    .description("Fetch pictures into files. What is there is not overwritten.")
    .argument("<image...>", "their ids")
    .option("-r, --rendition <name>", "original, thumb, small, medium, large", "original")
    .addOption(new Option("--format <format>", "of a rendition").choices(["webp", "jpeg", "avif"]))
    .option(
      "-o, --output <path>",
      "a file, a folder, or - for stdout (default: a file here, by its own name)",
    )
    .option("-f, --force", "overwrite")
    .addHelpText(
      "after",
      `
Examples:
  shoebox download 019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55
  shoebox ls --tag beach --json | jq -r .imageId | xargs shoebox download --rendition large -o ~/beach
  shoebox download 019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55 -r medium -o - | display`,
    )
    .action(runs(download));
}

async function download(context: Context, imageIds: string[], options: Options): Promise<void> {
  const { out, signal, failed } = context;
  const client = await context.connect();
  const output = options.output ?? ".";
  const folder = output !== "-" && (await isFolder(output));
  if (imageIds.length > 1 && !folder) {
    throw new Failure(`Several pictures need a folder: ${output} is none.`, ExitCode.misuse);
  }
  for (const imageId of imageIds) {
    try {
      const image = await getImage(client, imageId, { signal });
      const body = await bodyOf(client, image, options, signal);
      if (output === "-") {
        await pipeline(body.stream, process.stdout, { signal, end: false });
        continue;
      }
      const path = folder ? join(output, nameOf(image, options, body.type)) : output;
      const size = await save(body.stream, path, options.force ?? false, signal);
      await out.item({ imageId, path, size }, `${imageId}  ${path}  ${bytes(size)}`);
    } catch (error) {
      const explained = signal.aborted || imageIds.length === 1 ? undefined : explain(error);
      if (!explained || explained.exitCode === ExitCode.noAccess) throw error;
      await out.item({ imageId, error: explained.sentence }, `${imageId}  ${explained.sentence}`);
      failed(explained.exitCode);
    }
  }
}

async function bodyOf(
  client: ShoeboxClient,
  { imageId }: Image,
  { rendition, format }: Options,
  signal: AbortSignal,
): Promise<{ stream: Readable; type: string }> {
  const { url } = await imageUrl(client, imageId, { rendition, format }, { signal });
  const answer = await fetch(url, { signal });
  if (!answer.ok || !answer.body)
    throw new Failure(`The CDN answered ${answer.status} for ${imageId}.`);
  const type = answer.headers.get("Content-Type") ?? "";
  return { stream: Readable.fromWeb(answer.body as ReadableStream), type };
}

const extensions: Record<string, string> = {
  "image/jpeg": ".jpg",
  "image/png": ".png",
  "image/webp": ".webp",
  "image/avif": ".avif",
};

/** Its own file name without any folder in it, or else its id; a rendition says which one it is. */
function nameOf({ imageId, fileName }: Image, { rendition }: Options, type: string): string {
  const extension = extensions[type.split(";")[0] ?? ""] ?? "";
  const own = basename((fileName ?? "").replaceAll(/[\\\p{Cc}]/gu, "_"));
  const usable = own !== "" && own !== "." && own !== "..";
  if (rendition === "original") return usable ? own : `${imageId}${extension}`;
  const stem = usable ? own.replace(/\.\w+$/, "") : imageId;
  return `${stem}-${rendition}${extension}`;
}

/** The file is there when all of it is, and not before. Resolves with its bytes. */
async function save(
  stream: Readable,
  path: string,
  force: boolean,
  signal: AbortSignal,
): Promise<number> {
  const draft = `${path}.${process.pid}.part`;
  try {
    const file = createWriteStream(draft, { flags: "wx" });
    await pipeline(stream, file, { signal });
    if (force) await rename(draft, path);
    // A link is refused where something is, also where that came a moment ago.
    else await link(draft, path);
    return file.bytesWritten;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") {
      throw new Failure(`${path} is there already: --force overwrites it.`);
    }
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
