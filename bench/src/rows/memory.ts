import { exactly, type Finding, type Row } from "../finding.ts";
import { peerVersion } from "../peers.ts";
import { startChild } from "../stand/child.ts";
import { type LargeFile, largePictures, writeLarge } from "../stand/large-pictures.ts";
import type { MakerName } from "../stand/pixels.ts";
import type { Made, Ready } from "../stand/pixels-process.ts";

/** Megabytes of four fifths of what the worker has on Lambda (`infra/processing`). */
const ROOM = 2_830;

/** Each figure is the peak of a process of its own, in which that picture is the first one. */
export const memory: Row = {
  name: "memory",
  title: "peak memory of a worker with the largest pictures there are, two at a time",
  async measure({ quick, say }) {
    const findings: Finding[] = [];
    for (const picture of quick ? largePictures.slice(0, 2) : largePictures) {
      const file = await writeLarge(picture);
      try {
        const one = await peakOf("ours", file);
        const peer = await peakOf("naive", file);
        file.twice();
        const two = await peakOf("ours", file);
        const megabytes = Math.round(file.size / 1024 ** 2);
        say(`${picture.what}: ${one.peak} MB, two at a time ${two.peak} MB`);
        findings.push({
          what: `${picture.what}, a file of ${megabytes} MB`,
          ours: exactly(two.peak, "MB"),
          peer: {
            ...exactly(peer.peak, "MB"),
            name: `sharp ${peerVersion("sharp")}, one at a time`,
          },
          target: { atMost: ROOM },
          note: `one at a time ${one.peak} MB; before the first picture ${two.before} MB, the peer ${peer.before} MB`,
        });
      } finally {
        file.remove();
      }
    }
    return findings;
  },
};

/** Megabytes: at most, and before the first picture. */
async function peakOf(
  maker: MakerName,
  { path }: LargeFile,
): Promise<{ before: number; peak: number }> {
  const child = await startChild("pixels-process.ts", maker, path, "on-disk");
  try {
    const { peak } = await child.ask<Made>();
    const { peak: before } = child.hello as Ready;
    return { before: Math.round(before / 1024 ** 2), peak: Math.round(peak / 1024 ** 2) };
  } finally {
    await child.stop();
  }
}
