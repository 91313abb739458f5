import { getQuota } from "@shoebox/client";
import { Command } from "commander";
import { type Context, runs } from "../context.ts";
import { bytes } from "../words.ts";

export function statusCommand(): Command {
  return new Command("status")
    .description("Which Shoebox is meant, whether it lets you in, and what is used of the quota.")
    .action(runs(status));
}

async function status({ connect, out, signal }: Context): Promise<void> {
  const client = await connect();
  const quota = await getQuota(client, { signal });
  const { images, bytes: size } = quota;
  await out.item(
    { url: client.url, quota },
    `${client.url}: ${images.used} of ${images.limit} pictures, ${bytes(size.used)} of ${bytes(size.limit)} used.`,
  );
}
