import type { Rendition } from "@shoebox/shared/image";

/** How one rendition is made. Nothing is ever enlarged. */
export interface RenditionSpec {
  name: string;
  format: Rendition["format"];
  /** Pixels. `inside` keeps the whole picture within it, `cover` fills and crops around the centre. */
  width: number;
  height?: number;
  fit: "inside" | "cover";
  /** 1–100, of the encoder of the format. */
  quality: number;
  /** Time against bytes, of the encoder of the format; JPEG has none. */
  effort?: number;
}

export interface Preset {
  name: string;
  renditions: RenditionSpec[];
}

/**
 * Measured on the larger sample photographs (7 pictures at 1080 wide, one thread, sharp 0.35.5), WebP quality 80:
 *
 *     effort   ms/picture   KB/picture   PSNR dB
 *        0         27          105        36.2
 *        1         34           99        36.2
 *        2         46           87        35.9
 *        3         94           84        36.1
 *        4         85           84        36.1
 *
 * Effort 2 is the knee: half the time of 4 (the default) for 4 % more bytes; below it bytes grow
 * faster than time shrinks. Quality 85 costs a quarter more bytes for 1 dB; 75 saves a fifth and
 * loses 1 dB.
 * JPEG without mozjpeg: 9 ms against 67 ms for a fifth fewer bytes of a fallback that few ask for.
 * AVIF at effort 2, since 4 takes seven times as long.
 */
const webp = { format: "webp", quality: 80, effort: 2 } as const;
const jpeg = { format: "jpeg", quality: 80 } as const;
const avif = { format: "avif", quality: 55, effort: 2 } as const;

const standard: RenditionSpec[] = [
  { name: "thumb", ...webp, width: 150, height: 150, fit: "cover" },
  { name: "small", ...webp, width: 320, fit: "inside" },
  { name: "medium", ...webp, width: 640, fit: "inside" },
  { name: "large", ...webp, width: 1080, fit: "inside" },
  { name: "large", ...jpeg, width: 1080, fit: "inside" },
];

/** The presets there are; a deployment chooses one. AVIF is opt-in: one costs several times what all other renditions do. */
export const presets = {
  default: { name: "default", renditions: standard },
  avif: {
    name: "avif",
    renditions: [...standard, { name: "large", ...avif, width: 1080, fit: "inside" }],
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;
