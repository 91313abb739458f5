/** ISO 8601 as in `strict_date_optional_time`: every part after the year may be missing. */
const ISO =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(?:(\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?)?)?$/;
const EPOCH_MILLIS = /^-?\d+(?:\.\d+)?$/;

function offsetMinutes(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const digits = zone.slice(1).replace(":", "");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || "0");
  return zone.startsWith("-") ? -minutes : minutes;
}

/**
 * Milliseconds since the epoch of a date in `strict_date_optional_time||epoch_millis`, undefined when it is none.
 * `roundUp` fills a missing time of day with its last millisecond, as OpenSearch does for `gt` and `lte`
 * (a missing month or day is still the first one).
 */
export function parseDate(text: string, roundUp = false): number | undefined {
  const match = ISO.exec(text);
  if (!match) return EPOCH_MILLIS.test(text) ? Math.trunc(Number(text)) : undefined;
  const [, year, month = "01", day = "01", hour, minute, second, fraction, zone] = match;
  const time = [
    hour ?? (roundUp ? "23" : "00"),
    minute ?? (roundUp ? "59" : "00"),
    second ?? (roundUp ? "59" : "00"),
  ].map(Number);
  const [h = 0, m = 0, s = 0] = time;
  if (h > 23 || m > 59 || s > 59) return undefined;
  const millis =
    fraction === undefined ? (roundUp ? 999 : 0) : Number(fraction.padEnd(3, "0").slice(0, 3));
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day), h, m, s, millis);
  const back = new Date(date);
  // Date.UTC lets 31 February run into March, which OpenSearch refuses.
  if (back.getUTCMonth() !== Number(month) - 1 || back.getUTCDate() !== Number(day)) {
    return undefined;
  }
  return date - offsetMinutes(zone) * 60_000;
}

const FORMATTERS: Record<string, (iso: string, millis: number) => string> = {
  yyyy: (iso) => iso.slice(0, -20),
  "yyyy-MM": (iso) => iso.slice(0, -17),
  "yyyy-MM-dd": (iso) => iso.slice(0, -14),
  strict_date_optional_time: (iso) => iso,
  epoch_millis: (_, millis) => String(millis),
};

/** The formatter of a `format` parameter of an aggregation, undefined when the format is not known. */
export function dateFormatter(format: string): ((millis: number) => string) | undefined {
  const formatter = FORMATTERS[format];
  return formatter && ((millis) => formatter(new Date(millis).toISOString(), millis));
}
