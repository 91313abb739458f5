import { validation } from "./errors.ts";

/** When a schedule is due. All times in milliseconds; cron expressions are in UTC. */
export interface Schedule {
  /** The first due time after `after`, for a schedule whose interval counts from `anchor`. Undefined: never again. */
  next(anchor: number, after: number): number | undefined;
}

interface DayField {
  matches(year: number, month: number, day: number): boolean;
}

const UNITS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const WEEKDAYS = "SUN MON TUE WED THU FRI SAT".split(" ");
const LAST_YEAR = 2199;

function invalid(): Error {
  return validation("Parameter ScheduleExpression is not valid.");
}

function parseRate(value: string, unit: string, plural: string): Schedule {
  const count = Number(value);
  // AWS insists on the grammar: 1 minute, 2 minutes.
  if (count < 1 || (count === 1) === (plural === "s")) throw invalid();
  const period = count * (UNITS[unit] ?? Number.NaN);
  return {
    next: (anchor, after) =>
      anchor + period * Math.max(1, Math.floor((after - anchor) / period) + 1),
  };
}

function numberIn(text: string, low: number, high: number, names: string[]): number {
  const named = names.indexOf(text.toUpperCase());
  const value = named >= 0 ? named + 1 : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= low && value <= high)) throw invalid();
  return value;
}

/** `*`, values, ranges, lists and steps (`a/n`, `a-b/n`). */
function parseSet(field: string, low: number, high: number, names: string[] = []): Set<number> {
  const set = new Set<number>();
  for (const part of field.split(",")) {
    const [range = "", step, ...rest] = part.split("/");
    const by = step === undefined ? 1 : numberIn(step, 1, high, []);
    const [from = "", to, ...more] = range.split("-");
    if (rest.length > 0 || more.length > 0) throw invalid();
    const first = range === "*" ? low : numberIn(from, low, high, names);
    const open = range === "*" || (to === undefined && step !== undefined);
    const last = open ? high : to === undefined ? first : numberIn(to, low, high, names);
    if (last < first) throw invalid();
    for (let value = first; value <= last; value += by) set.add(value);
  }
  return set;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** 1 is Sunday, as in EventBridge's cron. */
function weekday(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

/** The weekday (Monday to Friday) nearest to a day, in the same month. */
function nearestWeekday(year: number, month: number, day: number): number {
  const wanted = Math.min(day, daysIn(year, month));
  switch (weekday(year, month, wanted)) {
    case 7:
      return wanted === 1 ? 3 : wanted - 1;
    case 1:
      return wanted === daysIn(year, month) ? wanted - 2 : wanted + 1;
    default:
      return wanted;
  }
}

function parseDayOfMonth(field: string): DayField {
  if (field === "L") return { matches: (year, month, day) => day === daysIn(year, month) };
  const near = /^(\d+)W$/.exec(field)?.[1];
  if (near !== undefined) {
    const wanted = numberIn(near, 1, 31, []);
    return { matches: (year, month, day) => day === nearestWeekday(year, month, wanted) };
  }
  const days = parseSet(field, 1, 31);
  return { matches: (_year, _month, day) => days.has(day) };
}

function parseDayOfWeek(field: string): DayField {
  if (field === "L") return parseDayOfWeek("SAT");
  const last = /^(\w+)L$/.exec(field)?.[1];
  if (last !== undefined) {
    const wanted = numberIn(last, 1, 7, WEEKDAYS);
    return {
      matches: (year, month, day) =>
        weekday(year, month, day) === wanted && day + 7 > daysIn(year, month),
    };
  }
  const [, name, nth] = /^(\w+)#([1-5])$/.exec(field) ?? [];
  if (name !== undefined) {
    const wanted = numberIn(name, 1, 7, WEEKDAYS);
    return {
      matches: (year, month, day) =>
        weekday(year, month, day) === wanted && Math.ceil(day / 7) === Number(nth),
    };
  }
  const days = parseSet(field, 1, 7, WEEKDAYS);
  return { matches: (year, month, day) => days.has(weekday(year, month, day)) };
}

function parseCron(fields: string[]): Schedule {
  const [minuteField, hourField, dayField, monthField, weekdayField, yearField] = fields;
  if (
    fields.length !== 6 ||
    minuteField === undefined ||
    hourField === undefined ||
    dayField === undefined ||
    monthField === undefined ||
    weekdayField === undefined ||
    yearField === undefined
  ) {
    throw invalid();
  }
  // One of the two day fields says which days; the other must be "?".
  if ((dayField === "?") === (weekdayField === "?")) throw invalid();
  const minutes = parseSet(minuteField, 0, 59);
  const hours = parseSet(hourField, 0, 23);
  const months = parseSet(monthField, 1, 12, MONTHS);
  const years = parseSet(yearField, 1970, LAST_YEAR);
  const days = dayField === "?" ? parseDayOfWeek(weekdayField) : parseDayOfMonth(dayField);
  return {
    next(_anchor, after) {
      const at = new Date(Math.floor(after / 60_000) * 60_000 + 60_000);
      while (at.getUTCFullYear() <= LAST_YEAR) {
        const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
        if (!years.has(year)) {
          at.setTime(Date.UTC(year + 1, 0, 1));
        } else if (!months.has(month)) {
          at.setTime(Date.UTC(year, month, 1));
        } else if (!days.matches(year, month, day)) {
          at.setTime(Date.UTC(year, month - 1, day + 1));
        } else if (!hours.has(at.getUTCHours())) {
          at.setUTCHours(at.getUTCHours() + 1, 0, 0, 0);
        } else if (!minutes.has(at.getUTCMinutes())) {
          at.setUTCMinutes(at.getUTCMinutes() + 1, 0, 0);
        } else {
          return at.getTime();
        }
      }
      return undefined;
    },
  };
}

/**
 * Parses `rate(n minutes|hours|days)` or `cron(minutes hours day-of-month month day-of-week year)` with `, - * ? / L W #`. Throws
 * ValidationException, as PutRule does. Source: EventBridge user guide, "Creating a rule that runs on a schedule".
 */
export function parseSchedule(expression: string): Schedule {
  const [, value, unit, plural] =
    /^rate\((\d{1,9}) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  if (value !== undefined && unit !== undefined) return parseRate(value, unit, plural ?? "");
  const cron = /^cron\((.*)\)$/.exec(expression)?.[1];
  if (cron === undefined) throw invalid();
  return parseCron(cron.trim().split(/\s+/));
}
