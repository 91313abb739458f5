import { readFileSync } from "node:fs";
import { join } from "node:path";
import { presets, type RenditionSpec } from "@shoebox/processing/domain/presets";
import { fromRaw, type RawPicture, sharp } from "@shoebox/processing/pipeline/image-library";
import { currentLoad, describeMachine } from "./machine.ts";
import { cpuOf } from "./measure/cpu.ts";
import { type Luma, lumaOf, ssim } from "./measure/ssim.ts";
import { spreadOf } from "./measure/statistics.ts";
import { generatedPhotos, samplePhotos } from "./stand/pictures.ts";

/**
 * `npm run bench:encoders`: what each encoder's effort and quality cost in time and bytes, and what they give
 * in likeness (SSIM), at the size of each rendition. Prints the tables that docs/renditions.md shows and
 * that `presets.ts` was chosen by.
 */

const ROUNDS = 3;
const EFFORTS = [0, 1, 2, 3, 4, 5, 6];
/** Close enough to each other for a straight line between two of them. */
const QUALITIES = [72, 76, 80, 84, 88];
/** What sharp does when nobody says otherwise: what all others are held against. */
const DEFAULT = { effort: 4, quality: 80 };

interface Setting {
  format: RenditionSpec["format"];
  options: Record<string, unknown>;
}

/** Means over the pictures. */
interface Measured {
  /** Milliseconds of processor time. */
  ms: number;
  kilobytes: number;
  ssim: number;
}

// The pipeline's sharp reads what is uploaded and nothing else; here AVIF is looked at as well.
sharp.unblock({ operation: ["VipsForeignLoadHeif"] });

const folder = (await samplePhotos()) ?? (await generatedPhotos(4));
const originals = folder.names.map((name) => readFileSync(join(folder.path, name)));
folder.remove();

print(`${originals.length} pictures; ${describeMachine()}; load average ${currentLoad()}.`);
for (const spec of presets.default.renditions.filter(({ format }) => format === "webp")) {
  await webpTable(spec);
}
await othersTable();

async function webpTable(spec: RenditionSpec): Promise<void> {
  const pictures = await inSize(spec);
  const settings = EFFORTS.flatMap((effort) =>
    QUALITIES.map((quality) => ({ format: "webp" as const, options: { effort, quality } })),
  );
  const measured = await measure(pictures, settings);
  const of = (effort: number) =>
    measured.filter((_, index) => settings[index]?.options.effort === effort);
  const standard = at(of(DEFAULT.effort), DEFAULT.quality);
  print(`\n### ${spec.name}\n`);
  print("| effort | ms | KB | SSIM | quality of the same SSIM | KB then |");
  print("| --- | --- | --- | --- | --- | --- |");
  for (const effort of EFFORTS) {
    const own = at(of(effort), DEFAULT.quality);
    const quality = qualityFor(standard.ssim, of(effort));
    const then = at(of(effort), quality).kilobytes;
    const more = `${then.toFixed(1)} (${percent(then / standard.kilobytes)})`;
    print(`| ${[effort, ...cells(own), quality.toFixed(1), more].join(" | ")} |`);
  }
}

async function othersTable(): Promise<void> {
  const large = presets.avif.renditions.filter(({ name }) => name === "large");
  const [spec] = large;
  if (!spec) throw new Error("There is no rendition large.");
  const jpeg = (options: object): Setting => ({
    format: "jpeg",
    options: { quality: 80, ...options },
  });
  const avif = (effort: number, quality: number): Setting => ({
    format: "avif",
    options: { effort, quality },
  });
  const settings = [
    jpeg({ optimiseCoding: false }),
    jpeg({}),
    jpeg({ mozjpeg: true }),
    ...[50, 55, 60].flatMap((quality) => [0, 2, 4].map((effort) => avif(effort, quality))),
  ];
  const measured = await measure(await inSize(spec), settings);
  print("\n### JPEG and AVIF of large\n");
  print("| encoder | ms | KB | SSIM |");
  print("| --- | --- | --- | --- |");
  for (const [index, { format, options }] of settings.entries()) {
    const own = measured[index];
    if (own) print(`| ${[`${format} ${words(options)}`, ...cells(own)].join(" | ")} |`);
  }
}

/** The pictures as the pipeline hands them to an encoder. */
function inSize({ width, height, fit }: RenditionSpec): Promise<(RawPicture & { luma: Luma })[]> {
  return Promise.all(
    originals.map(async (original) => {
      const { data, info } = await sharp(original, { autoOrient: true })
        .resize({ width, height, fit, withoutEnlargement: true })
        .raw()
        .toBuffer({ resolveWithObject: true });
      const size = { width: info.width, height: info.height };
      return { data, ...size, channels: 3, luma: lumaOf(data, size.width, size.height) };
    }),
  );
}

/** All settings in turn, round by round, so that what the machine does besides meets them alike. */
async function measure(
  pictures: (RawPicture & { luma: Luma })[],
  settings: Setting[],
): Promise<Measured[]> {
  const times: number[][] = settings.map(() => []);
  const seen = settings.map(() => ({ bytes: 0, ssim: 0 }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { format, options }] of settings.entries()) {
      const encoded: Buffer[] = [];
      const took = await cpuOf(async () => {
        for (const picture of pictures) {
          encoded.push(await fromRaw(picture).toFormat(format, options).toBuffer());
        }
      });
      times[index]?.push(took / pictures.length);
      const sums = seen[index];
      if (round > 0 || !sums) continue;
      for (const [which, bytes] of encoded.entries()) {
        const original = pictures[which]?.luma;
        if (!original) continue;
        sums.bytes += bytes.length;
        sums.ssim += ssim(original, await decoded(bytes));
      }
    }
  }
  return seen.map(({ bytes, ssim: likeness }, index) => ({
    ms: spreadOf(times[index] ?? []).median,
    kilobytes: bytes / pictures.length / 1024,
    ssim: likeness / pictures.length,
  }));
}

async function decoded(bytes: Buffer): Promise<Luma> {
  const { data, info } = await sharp(bytes)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return lumaOf(data, info.width, info.height);
}

/** On the straight line between the two measured qualities beside it. */
function at(byQuality: Measured[], quality: number): Measured {
  const after = Math.max(
    1,
    QUALITIES.findIndex((one) => one >= quality),
  );
  const [low, high] = [byQuality[after - 1], byQuality[after]];
  const [from, to] = [QUALITIES[after - 1], QUALITIES[after]];
  if (!low || !high || from === undefined || to === undefined) {
    throw new Error(`Quality ${quality} is beyond what was measured.`);
  }
  const share = (quality - from) / (to - from);
  const between = (one: number, other: number) => one + share * (other - one);
  return {
    ms: between(low.ms, high.ms),
    kilobytes: between(low.kilobytes, high.kilobytes),
    ssim: between(low.ssim, high.ssim),
  };
}

function qualityFor(wanted: number, byQuality: Measured[]): number {
  const after = byQuality.findIndex(({ ssim: likeness }) => likeness >= wanted);
  const [low, high] = [byQuality[after - 1], byQuality[after]];
  const [from, to] = [QUALITIES[after - 1], QUALITIES[after]];
  if (!low || !high || from === undefined || to === undefined) {
    throw new Error(`An SSIM of ${wanted} is beyond what was measured.`);
  }
  return from + ((wanted - low.ssim) / (high.ssim - low.ssim)) * (to - from);
}

function cells({ ms, kilobytes, ssim: likeness }: Measured): string[] {
  return [ms.toFixed(1), kilobytes.toFixed(1), likeness.toFixed(4)];
}

function words(options: Record<string, unknown>): string {
  return Object.entries(options)
    .map(([name, value]) => (value === true ? name : `${name} ${value}`))
    .join(", ");
}

function percent(ratio: number): string {
  const value = Math.round((ratio - 1) * 100);
  return `${value < 0 ? "−" : "+"}${Math.abs(value)} %`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
