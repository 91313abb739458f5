import type { Finding, Row, RowOptions } from "../finding.ts";
import { alternate } from "../measure/alternate.ts";
import { type Rounds, ratioOf, spreadOf } from "../measure/statistics.ts";
import { peerVersion } from "../peers.ts";
import { startChild } from "../stand/child.ts";
import { generatedPhotos, type PictureFolder, samplePhotos } from "../stand/pictures.ts";

interface Made {
  ms: number;
  cpu: number;
  bytes: number;
}

export const renditions: Row = {
  name: "renditions",
  title: "pictures through the pipeline, against sharp asked for each rendition by itself",
  async measure(options) {
    const generated = await generatedPhotos(options.quick ? 2 : 4);
    const photographs = await samplePhotos();
    try {
      const findings = await compare("generated, 12 megapixels", generated, "naive", options);
      if (photographs) {
        findings.push(
          ...(await compare("photographs, 3 to 9 megapixels", photographs, "naive", options)),
        );
      }
      const [cpu] = await compare("generated, 12 megapixels", generated, "ipx", options);
      if (cpu) findings.push({ ...cpu, target: undefined });
      return findings;
    } finally {
      generated.remove();
      photographs?.remove();
    }
  },
};

const NAMES = {
  naive: () => `sharp ${peerVersion("sharp")}`,
  ipx: () => `ipx ${peerVersion("ipx")}`,
};

async function compare(
  what: string,
  folder: PictureFolder,
  peerName: keyof typeof NAMES,
  { quick, say }: RowOptions,
): Promise<Finding[]> {
  say(`${what}, against ${peerName}`);
  const ours = await startChild("pixels-process.ts", "ours", folder.path);
  const peer = await startChild("pixels-process.ts", peerName, folder.path);
  const count = folder.names.length;
  const clock: Rounds = { ours: [], peer: [] };
  const bytes = { ours: 0, peer: 0 };
  const round = (who: "ours" | "peer", child: typeof ours) => async () => {
    const made = await child.ask<Made>();
    clock[who].push(made.ms / count);
    bytes[who] = made.bytes;
    return made.cpu / count;
  };
  try {
    const cpu = await alternate(quick ? 2 : 5, {
      ours: round("ours", ours),
      peer: round("peer", peer),
    });
    // The first round warmed up.
    clock.ours.shift();
    clock.peer.shift();
    const name = NAMES[peerName]();
    const more = `${Math.round((bytes.ours / bytes.peer - 1) * 100)} % more bytes`;
    return [
      {
        what: `${what}: pictures a second of processor time`,
        ...rates(cpu, name),
        target: { atLeast: 2.5 },
        note: `ours also scans, reads EXIF, computes ThumbHash and colour; encodes at effort 2 instead of 4: ${more}`,
      },
      { what: `${what}: pictures a second on the clock`, ...rates(clock, name) },
    ];
  } finally {
    await Promise.all([ours.stop(), peer.stop()]);
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
