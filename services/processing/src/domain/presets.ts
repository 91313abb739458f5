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
 * Chosen from the tables in docs/renditions.md, which `npm run bench:encoders` measures: time, bytes and
 * likeness (SSIM) of every effort at each of these sizes. WebP at effort 2 takes half the time of 4, the
 * encoder's default, for 8 to 12 % more bytes of the same likeness; 1 and 0 cost two to three times as
 * many. Quality 80, as sharp has it. AVIF at effort 2, since 4 takes nine times as long.
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
