import { getImage, type Image, waitUntilReady } from "@shoebox/client";
import { Command } from "commander";
import { type Context, runs } from "../context.ts";
import { bytes, printable } from "../words.ts";

export function showCommand(): Command {
  return new Command("show")
    .description("Show all that is known of pictures.")
    .argument("<image...>", "their ids")
    .option("--wait", "follow each until it is ready, or rejected")
    .addHelpText(
      "after",
      `
Examples:
  shoebox show 019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55
  shoebox show --json 019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55 | jq .exif`,
    )
    .action(runs(show));
}

async function show(
  { connect, out, signal }: Context,
  imageIds: string[],
  { wait }: { wait?: true },
): Promise<void> {
  const client = await connect();
  for (const imageId of imageIds) {
    const image = await (wait ? waitUntilReady : getImage)(client, imageId, { signal });
    await out.item(image, described(image));
  }
}

function described(image: Image): string {
  const { width, height, exif = {}, reason } = image;
  const rows: [string, string | undefined][] = [
    ["status", reason ? `${image.status}: ${reason.message}` : image.status],
    ["file", image.fileName],
    ["caption", image.caption ?? undefined],
    ["tags", image.tags.join(", ")],
    ["visibility", image.visibility],
    ["type", `${image.contentType}, ${bytes(image.size)}`],
    ["pixels", width && height ? `${width} × ${height}` : undefined],
    ["uploaded", image.uploadedAt],
    ["taken", image.takenAt],
    ["camera", [exif.cameraMake, exif.cameraModel].filter(Boolean).join(" ")],
    ["version", String(image.version)],
    ...image.renditions.map(({ name, format, url }): [string, string] => [
      `${name} ${format}`,
      url,
    ]),
  ];
  const lines = rows.flatMap(([name, value]) =>
    value ? [`  ${name.padEnd(12)}${printable(value)}`] : [],
  );
  return [image.imageId, ...lines].join("\n");
}
