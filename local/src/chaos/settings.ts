/** How rough the deliveries are. Probabilities are for one delivery, from 0 to 0.5, so that most of them arrive. */
export interface ChaosSettings {
  /** The same seed gives the n-th delivery of a place the same fate. */
  seed: number;
  /** Of being delivered twice. */
  duplicate: number;
  /** Of being held back, by up to `late` milliseconds; what was sent after it overtakes it then. */
  delay: number;
  late: number;
  /** Of the function dying in the middle. */
  crash: number;
}

const DEFAULTS = { duplicate: 0.1, delay: 0.2, late: 400, crash: 0.05 };
const MOST_LATE = 10_000;

/**
 * Reads `seed=7,duplicate=0.2`: the seed is needed, the rest has defaults.
 *
 * @throws Error in one sentence
 */
export function parseChaos(text: string): ChaosSettings {
  const settings: Record<string, number | undefined> = { ...DEFAULTS };
  for (const part of text.split(",")) {
    const [, name = "", value] = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(part) ?? [];
    if (value === undefined || (name !== "seed" && !Object.hasOwn(DEFAULTS, name))) {
      throw new Error(
        `--chaos takes seed=N and, after commas, ${Object.keys(DEFAULTS).join("=, ")}=; not ${part}.`,
      );
    }
    const most = name === "seed" ? Number.MAX_SAFE_INTEGER : name === "late" ? MOST_LATE : 0.5;
    const whole = name === "seed" || name === "late";
    if (Number(value) > most || (whole && !Number.isInteger(Number(value)))) {
      throw new Error(`--chaos: ${name} goes ${whole ? "in whole numbers " : ""}up to ${most}.`);
    }
    settings[name] = Number(value);
  }
  if (settings.seed === undefined) throw new Error("--chaos needs a seed, such as seed=1.");
  return settings as unknown as ChaosSettings;
}

/** The settings as they are written: who reads them can have the same again. */
export function writeChaos(settings: ChaosSettings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
}
