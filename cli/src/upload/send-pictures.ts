import type { ShoeboxClient } from "@shoebox/client";
import type { Context } from "../context.ts";
import { type Explanation, explain } from "../explain.ts";
import { ExitCode } from "../failure.ts";
import { bytes, printable } from "../words.ts";
import type { Bars } from "./bars.ts";
import type { LeftUploads } from "./left-uploads.ts";
import type { PictureFile } from "./pictures.ts";
import { type Common, type Sent, sendPicture } from "./send-picture.ts";

export interface Sending {
  client: ShoeboxClient;
  common: Common;
  left: LeftUploads;
  bars: Bars;
  /** Files on their way at the same time. */
  parallel: number;
}

export interface Tally {
  sent: number;
  skipped: number;
  failed: number;
}

/**
 * Uploads files, a few at a time, and says of each what became of it. One that fails does not touch the others, except
 * where no other would fare better: without access, answer or quota.
 *
 * @param onEnd told of each file that has come to an end, good or bad; not of one that could not be tried
 */
export async function sendPictures(
  { out, signal, failed }: Context,
  pictures: PictureFile[],
  { client, common, left, bars, parallel }: Sending,
  onEnd: (picture: PictureFile) => void = () => undefined,
): Promise<Tally> {
  const tally: Tally = { sent: 0, skipped: 0, failed: 0 };
  const queue = [...pictures];
  let hopeless: unknown;
  bars.expect(
    queue.length,
    queue.reduce((sum, { size }) => sum + size, 0),
  );

  const one = async (picture: PictureFile) => {
    const { path, size } = picture;
    const name = printable(path);
    const onProgress = ({ loaded }: { loaded: number }) => bars.set(name, loaded, size);
    try {
      const sent = await sendPicture(client, picture, common, left, { signal, onProgress });
      tally[sent.status === "duplicate" ? "skipped" : "sent"] += 1;
      bars.done(name, size);
      onEnd(picture);
      await bars.above(() => out.item({ path, size, ...sent }, line(name, size, sent)));
    } catch (error) {
      const explained = signal.aborted ? undefined : explain(error);
      if (!explained) throw error;
      if (isHopeless(explained)) throw error;
      tally.failed += 1;
      failed(ExitCode.notDone);
      bars.done(name, size);
      onEnd(picture);
      const { sentence, code, requestId } = explained;
      const refusal = { path, size, status: "failed", code, error: sentence, requestId };
      await bars.above(() => out.item(refusal, `✗ ${name}: ${sentence}`));
    }
  };
  const worker = async () => {
    for (let next = queue.shift(); next && !hopeless; next = queue.shift()) {
      await one(next).catch((error: unknown) => {
        hopeless ??= error;
      });
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  if (hopeless) throw hopeless;
  return tally;
}

function isHopeless({ exitCode, code }: Explanation): boolean {
  return (
    exitCode === ExitCode.noAccess || exitCode === ExitCode.noAnswer || code === "quota-exceeded"
  );
}

function line(name: string, size: number, { imageId, status }: Sent): string {
  const what = status === "duplicate" ? "is there already" : bytes(size);
  return `${status === "duplicate" ? "=" : "✓"} ${name}  ${imageId}  ${what}`;
}
