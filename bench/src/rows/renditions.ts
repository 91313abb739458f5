import type { Finding, Row, RowOptions } from "../finding.ts";
import { alternate } from "../measure/alternate.ts";
import { type Rounds, ratioOf, spreadOf } from "../measure/statistics.ts";
import { peerVersion } from "../peers.ts";
import { startChild } from "../stand/child.ts";
import { generatedPhotos, type PictureFolder, samplePhotos } from "../stand/pictures.ts";
import type { MakerName } from "../stand/pixels.ts";
import type { Made } from "../stand/pixels-process.ts";

export const renditions: Row = {
  name: "renditions",
  title: "pictures through the pipeline, against sharp asked for each rendition by itself",
  async measure(options) {
    const generated = await generatedPhotos(options.quick ? 2 : 4);
    const photographs = await samplePhotos();
    const kinds: [what: string, folder: PictureFolder | undefined][] = [
      ["generated, 12 megapixels", generated],
      ["photographs, 3 to 9 megapixels", photographs],
    ];
    try {
      const findings: Finding[] = [];
      for (const [what, folder] of kinds) {
        if (!folder) continue;
        const { cpu, clock, peer, note } = await compare(what, "ours", "naive", folder, options);
        findings.push(
          {
            what: `${what}: pictures a second of processor time`,
            ...rates(cpu, peer),
            target: { atLeast: 2.5 },
            note: `ours also scans, reads EXIF, computes ThumbHash and colour; encodes WebP at effort 2 instead of 4, and JPEG with the standard's Huffman tables: ${note}`,
          },
          { what: `${what}: pictures a second on the clock`, ...rates(clock, peer) },
        );
      }
      for (const [what, folder] of kinds) {
        if (!folder) continue;
        const { cpu, peer } = await compare(what, "ceiling", "naive", folder, options);
        findings.push({
          what: `${what}: one decoding and the five encodings alone, in processor time`,
          ...rates(cpu, peer),
          note: "not the pipeline, but the most that any could reach with these encoders: nothing is read, scanned, made smaller or described",
        });
      }
      const { cpu, peer, note } = await compare("generated", "ours", "ipx", generated, options);
      const what = "generated, 12 megapixels, against ipx: pictures a second of processor time";
      findings.push({ what, ...rates(cpu, peer), note });
      return findings;
    } finally {
      generated.remove();
      photographs?.remove();
    }
  },
};

interface Comparison {
  /** Milliseconds a picture. */
  cpu: Rounds;
  clock: Rounds;
  peer: string;
  /** How the files differ. */
  note: string;
}

async function compare(
  what: string,
  oursName: MakerName,
  peerName: "naive" | "ipx",
  folder: PictureFolder,
  { quick, say }: RowOptions,
): Promise<Comparison> {
  say(`${what}: ${oursName} against ${peerName}`);
  const children = {
    ours: await startChild("pixels-process.ts", oursName, folder.path),
    peer: await startChild("pixels-process.ts", peerName, folder.path),
  };
  const count = folder.names.length;
  const clock: Rounds = { ours: [], peer: [] };
  const files = { ours: { bytes: 0, likeness: 0 }, peer: { bytes: 0, likeness: 0 } };
  const round = (who: "ours" | "peer") => async () => {
    const { ms, cpu, bytes, likeness } = await children[who].ask<Made>();
    clock[who].push(ms / count);
    files[who] = { bytes, likeness: likeness ?? files[who].likeness };
    return cpu / count;
  };
  try {
    const cpu = await alternate(quick ? 2 : 7, { ours: round("ours"), peer: round("peer") });
    // The first round warmed up.
    clock.ours.shift();
    clock.peer.shift();
    const { ours, peer } = files;
    const more = Math.round((ours.bytes / peer.bytes - 1) * 100);
    return {
      cpu,
      clock,
      peer: peerName === "naive" ? `sharp ${peerVersion("sharp")}` : `ipx ${peerVersion("ipx")}`,
      note: `${more} % more bytes, SSIM of the WebPs ${ours.likeness.toFixed(4)} against ${peer.likeness.toFixed(4)}`,
    };
  } finally {
    await Promise.all([children.ours.stop(), children.peer.stop()]);
  }
}

/** From milliseconds a picture to pictures a second. */
function rates(took: Rounds, name: string): Pick<Finding, "ours" | "peer" | "ratio"> {
  const perSecond = (values: number[]) => values.map((ms) => 1_000 / ms);
  const [ours, peer] = [perSecond(took.ours), perSecond(took.peer)];
  return {
    ours: { ...spreadOf(ours), unit: "/s" },
    peer: { ...spreadOf(peer), unit: "/s", name },
    ratio: ratioOf({ ours, peer }),
  };
}
