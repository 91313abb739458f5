import type { Exif, Gps } from "@shoebox/shared/image";

/** A tag as a reader of EXIF gives it: raw values, rationals as [numerator, denominator]. */
export type RawTags = Record<string, { value?: unknown; description?: unknown } | undefined>;

export interface CameraFacts {
  exif?: Exif;
  takenAt?: string;
}

/** EXIF text can be of any length; names of cameras are not. */
const MAX_TEXT = 128;

/**
 * What is worth keeping of what a camera wrote. Files in the wild hold nonsense in any field, so
 * every value stands for itself: what is not plausible is left out, and nothing here throws.
 */
export function readCamera(tags: RawTags): CameraFacts {
  const exif: Exif = withoutUndefined({
    cameraMake: text(tags.Make),
    cameraModel: text(tags.Model),
    lens: text(tags.LensModel),
    exposureTime: exposure(rational(tags.ExposureTime)),
    fNumber: rounded(rational(tags.FNumber), 1),
    iso: positive(first(tags.ISOSpeedRatings)),
    focalLength: rounded(rational(tags.FocalLength), 2),
  });
  return withoutUndefined({
    exif: Object.keys(exif).length > 0 ? exif : undefined,
    takenAt: takenAt(text(tags.DateTimeOriginal), text(tags.OffsetTimeOriginal)),
  });
}

/** Degrees, or undefined when a coordinate is missing, out of range, or the 0°/0° of a receiver without a fix. */
export function readGps(
  raw: { Latitude?: unknown; Longitude?: unknown } | undefined,
): Gps | undefined {
  const { Latitude: latitude, Longitude: longitude } = raw ?? {};
  if (typeof latitude !== "number" || typeof longitude !== "number") return undefined;
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return undefined;
  if (latitude === 0 && longitude === 0) return undefined;
  return { latitude, longitude };
}

/**
 * EXIF's `2022:08:14 14:12:31` with `+03:00` as an instant. Cameras that write no offset leave open
 * where they were; their local time is then taken as UTC, which keeps their pictures in order.
 */
function takenAt(local: string | undefined, offset: string | undefined): string | undefined {
  const match = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(local ?? "");
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const zone = offset !== undefined && /^[+-]\d\d:\d\d$/.test(offset) ? offset : "Z";
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
  // Cameras with an unset clock write zeros; photography begins in 1826.
  if (Number.isNaN(time) || Number(year) < 1826) return undefined;
  return new Date(time).toISOString();
}

function text(tag: RawTags[string]): string | undefined {
  const value = first(tag);
  if (typeof value !== "string") return undefined;
  const clean = value
    .replace(/[\p{Cc}\p{Cs}]/gu, "")
    .trim()
    .slice(0, MAX_TEXT)
    .trim();
  return clean === "" ? undefined : clean;
}

function first(tag: RawTags[string]): unknown {
  return Array.isArray(tag?.value) ? tag.value[0] : tag?.value;
}

function rational(tag: RawTags[string]): number | undefined {
  if (!Array.isArray(tag?.value)) return undefined;
  const [numerator, denominator] = tag.value;
  return positive(Number(numerator) / Number(denominator));
}

function positive(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : undefined;
}

function rounded(value: number | undefined, digits: number): number | undefined {
  return value === undefined ? undefined : positive(Number(value.toFixed(digits)));
}

/** Seconds as photographers write them: `1/350`, `2.5`. */
function exposure(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined;
  return seconds < 0.3 ? `1/${Math.round(1 / seconds)}` : String(Number(seconds.toFixed(1)));
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}
