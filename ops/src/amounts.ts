const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** `12.3 MB`, by thousands. */
export function bytes(amount: number): string {
  const power = Math.min(UNITS.length - 1, amount < 1 ? 0 : Math.floor(Math.log10(amount) / 3));
  const value = amount / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power]}`;
}

/** `120,304`. */
export function count(amount: number): string {
  return Math.round(amount).toLocaleString("en-US");
}

/** `8 s`, `3 min 20 s`, `2 h 05 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3_600)} h ${pad(Math.floor((whole % 3_600) / 60))} min`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
