import { changeImages, type ShoeboxClient } from "@shoebox/client";
import type { Context } from "./context.ts";
import { ExitCode } from "./failure.ts";

/** As many as the API takes in one request. */
const AT_ONCE = 100;

/** Changes images, a hundred at once, and says of each what became of it. */
export async function changeEach(
  { out, signal, failed }: Context,
  client: ShoeboxClient,
  imageIds: string[],
  change: Parameters<typeof changeImages>[2],
): Promise<void> {
  const each = [...new Set(imageIds)];
  for (let from = 0; from < each.length; from += AT_ONCE) {
    const results = await changeImages(client, each.slice(from, from + AT_ONCE), change, {
      signal,
    });
    for (const result of results) {
      const { imageId, status, tags, detail } = result;
      const refused = status >= 400;
      if (refused) failed(status === 404 ? ExitCode.notFound : ExitCode.notDone);
      const done =
        change.action === "delete"
          ? "deleted"
          : [tags]
              .flat()
              .map((tag) => `#${tag}`)
              .join(" ");
      await out.item(result, `${imageId}  ${refused ? String(detail) : done}`);
    }
  }
}
