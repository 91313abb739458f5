import type { Queue } from "../sqs/queue.ts";
import type { Scheduler } from "../world/scheduler.ts";
import type { RuleSpec } from "./spec.ts";

/** What runs by the clock. */
export interface Schedules {
  names: string[];
  /** Lets a schedule fire now, besides its own times. */
  fire(name: string): void;
  /** Milliseconds below which no schedule fires again: long stretches of time would only repeat themselves. */
  leastInterval: number;
  /** Schedules that do not fire by themselves. */
  held(name: string): boolean;
}

const UNITS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

export function createSchedules(
  rules: RuleSpec[],
  world: { scheduler: Scheduler; queue: (arn: string) => Queue; id: () => string },
): Schedules {
  const { scheduler } = world;
  const scheduled = rules.filter((rule) => rule.schedule !== undefined);

  function fire(rule: RuleSpec): void {
    const event = {
      version: "0",
      id: world.id(),
      "detail-type": "Scheduled Event",
      source: "aws.events",
      time: `${new Date(scheduler.now()).toISOString().slice(0, 19)}Z`,
      resources: [rule.arn],
      detail: {},
    };
    world.queue(rule.queueArn).send(rule.input ?? JSON.stringify(event));
  }

  const schedules: Schedules = {
    names: scheduled.map((rule) => rule.name),
    leastInterval: 0,
    held: () => false,
    fire(name) {
      const rule = scheduled.find((one) => one.name === name);
      if (!rule) throw new Error(`There is no schedule ${name}.`);
      fire(rule);
    },
  };

  for (const rule of scheduled) {
    const interval = intervalOf(rule.schedule ?? "");
    const next = () =>
      scheduler.after(
        Math.max(interval, schedules.leastInterval),
        () => {
          if (!schedules.held(rule.name)) fire(rule);
          next();
        },
        { background: true },
      );
    next();
  }
  return schedules;
}

/** Milliseconds between two times; a cron expression of ours means once a day. */
function intervalOf(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (unit !== undefined) return Number(count) * UNITS[unit as keyof typeof UNITS];
  if (expression.startsWith("cron(")) return UNITS.day;
  throw new Error(`The simulation can't read the schedule ${expression}.`);
}
